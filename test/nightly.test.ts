import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { runParts } from '../scripts/nightly/run-parts'
import { ROOT } from './support/source-tree'

const execute = promisify(execFile)

describe('npm run nightly', function () {
  this.timeout(60_000)
  const folder = mkdtempSync(join(tmpdir(), 'nightly-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('has chaos with every streamer on every provider, on lakes, their mutants, fuzz, conformance and the benchmarks', async () => {
    const { stdout } = await nightly('--list')
    for (const streamer of ['local', 'kafka', 'rabbitmq', 'nats'])
      for (const provider of ['local', 'sqlite', 'postgres'])
        expect(stdout).to.contain(`chaos ${streamer} ${provider} `)
    for (const streamer of ['local', 'kafka', 'nats']) expect(stdout).to.contain(`lake ${streamer} s3 `)
    expect(stdout).to.match(/^lake mutants .*--lake --mutants$/m)
    expect(stdout).to.match(/^mutants .*--mutants$/m)
    expect(stdout).to.match(/^fuzz .*--messages 1000000$/m)
    expect(stdout)
      .to.match(/^conformance /m)
      .and.match(/^bench /m)
  })

  it('runs what it is asked for and writes a report', async () => {
    const report = join(folder, 'good.md')
    await nightly('--short', '--only', 'fuzz', '--report', report)
    expect(readFileSync(report, 'utf8'))
      .to.match(/^# 1 of 1 parts ran, 0 failed$/m)
      .and.match(/^\| fuzz \| passed \|/m)
      .and.contain('1000 messages (seed')
    expect(existsSync(join(folder, 'nightly/fuzz.log'))).to.equal(true)
  })

  it('goes on after a part that failed, and counts it', async () => {
    const report = join(folder, 'bad.md')
    const parts = [
      { name: 'bad part', script: 'fuzz', args: ['--messages', 'none'] },
      { name: 'good part', script: 'fuzz', args: ['--help'] },
    ]
    expect(await runParts(parts, { report })).to.equal(1)
    const said = readFileSync(report, 'utf8')
    expect(said)
      .to.match(/^# 2 of 2 parts ran, 1 failed$/m)
      .and.match(/^\| bad part \| \*\*failed\*\* \|/m)
    expect(said).to.contain("--messages takes a whole number from 1, not 'none'.")
  })

  it('refuses a part that there is not', async () => {
    const refusal = await nightly('--only', 'nothing').catch((error: { stderr: string; code: number }) => error)
    expect(refusal).to.include({ code: 1 })
    expect(refusal.stderr).to.contain("No part begins with 'nothing'")
  })
})

function nightly(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return execute(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'nightly', ...args], { cwd: ROOT })
}
