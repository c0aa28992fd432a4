import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect } from 'chai'
import { startServer } from '../src'

/** An engine's command line that notes what it is asked, and runs something that never answers in place of a container. */
const ENGINE = `#!/bin/sh
echo "$@" >> "$ENGINE_CALLS"
case $1 in
  create) echo container-1;;
  start) exec sleep 60;;
esac
`

describe('a container', () => {
  it('is made for one port of this machine, started under a keeper, and removed when it does not answer', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'streamers-engine-'))
    const { PATH } = process.env
    try {
      const calls = join(folder, 'calls')
      await writeFile(join(folder, 'docker'), ENGINE)
      await chmod(join(folder, 'docker'), 0o755)
      await chmod(folder, 0o755)
      process.env.PATH = [folder, PATH].join(delimiter)
      process.env.ENGINE_CALLS = calls
      await writeFile(calls, '')
      await chmod(calls, 0o666)
      const error: unknown = await startServer('postgres', { ways: ['container'], readyMs: 500 }).catch(
        (thrown: unknown) => thrown
      )
      expect(String(error)).to.contain('STREAMER_UNAVAILABLE')
      const [info, create, start, ...removals] = (await readFile(calls, 'utf8')).trim().split('\n')
      expect(info).to.equal('info')
      expect(create).to.match(/^create --env-file \S+ --publish 127\.0\.0\.1:\d+:5432 --stop-signal SIGINT postgres:/)
      expect(start).to.equal('start --attach container-1')
      expect(new Set(removals)).to.deep.equal(new Set(['rm --force --volumes container-1']))
    } finally {
      process.env.PATH = PATH
      delete process.env.ENGINE_CALLS
      await rm(folder, { recursive: true, force: true })
    }
  })
})
