import { readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import type { OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces, platform } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { expect } from 'chai'
import { BoosterApp } from '../../streamers/test/support/booster-app'
import { run } from './support/command'
import { NOTES, noteAdded, untilWritten, withNotes } from './support/notes-app'
import { inTempFolder } from './support/temp-folder'

async function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    const answer = (yes: boolean) => () => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', answer(true))
    socket.once('error', answer(false))
  })
}

/** What GraphQL answers to these headers, and which origin it allows. */
async function ask(
  port: number,
  headers: OutgoingHttpHeaders
): Promise<{ status?: number; allowed?: string; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/graphql', method: 'POST', agent: false, headers }
    const asked = request(options, (answer) => {
      const { statusCode: status, headers: answered } = answer
      const allowed = answered['access-control-allow-origin']
      textOf(answer).then((text) => resolve({ status, allowed, text }), reject)
    })
    asked.once('error', reject)
    asked.end()
  })
}

/** Addresses of this machine that are not 127.0.0.1. */
function otherAddresses(): string[] {
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const outside = own
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
    .map(({ address }) => address)
  return [...outside, ...(platform() === 'linux' ? ['127.0.0.2'] : [])]
}

/** The addresses that a process listens at, as the kernel writes them; Linux only. */
async function listenedAt(pid: number): Promise<string[]> {
  const inodes = new Set<string>()
  for (const fd of await readdir(`/proc/${pid}/fd`)) {
    const link = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')
    const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1]
    if (inode) inodes.add(inode)
  }
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => ''))
  )
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((line) => line.trim().split(/\s+/))
  return rows.filter((row) => row[3] === '0A' && inodes.has(row[9])).map((row) => row[1].split(':')[0])
}

describe('boost-streamers start', function () {
  this.timeout(180_000)

  it('starts a service whose events arrive, on 127.0.0.1 alone, and lets it end well', () =>
    withNotes(async ({ folder }, start) => {
      const service = await start()
      await service.add('a', 'first')
      await untilWritten(folder, ['first'])
      for (const address of otherAddresses()) {
        expect(await accepts(address, service.port), `${address} accepts`).to.equal(false)
      }
      if (platform() === 'linux') {
        const addresses = await listenedAt(service.command.pid ?? 0)
        expect(addresses).to.have.length.of.at.least(2)
        expect(new Set(addresses)).to.deep.equal(new Set(['0100007F']))
      }
      expect((await service.command.end('SIGTERM')).code).to.equal(0)

      const again = await start()
      await again.add('a', 'second')
      await untilWritten(folder, ['first', 'second'])
      expect((await again.command.end('SIGINT')).code).to.equal(0)
    }))

  it('answers its own names and pages only, and those that --cors allows', () =>
    withNotes(async (_, start) => {
      const [evil, friend] = ['https://evil.example', 'http://localhost:5173']
      const service = await start()
      for (const headers of [{ host: 'evil.example' }, { origin: evil }, { origin: friend }]) {
        const refused = await ask(service.port, headers)
        expect(refused.status, JSON.stringify(headers)).to.equal(403)
        expect(refused.allowed).to.equal(undefined)
        expect(refused.text).to.contain('--cors')
      }
      const own = await ask(service.port, { host: `localhost:${service.port}` })
      expect([own.status === 403, own.allowed]).to.deep.equal([false, undefined])
      expect((await service.command.end('SIGTERM')).code).to.equal(0)

      const open = await start({}, ['--no-build', '--cors', friend])
      expect((await ask(open.port, { origin: evil })).status).to.equal(403)
      expect(await ask(open.port, { origin: friend })).to.deep.include({ allowed: friend })
    }))

  it('does for an app that streams nothing what it does for others', () =>
    withNotes(
      async (_, start) => {
        const service = await start({}, ['--no-build', '--port', 'auto'])
        await service.add('a', 'first')
        expect((await service.command.end('SIGTERM')).code).to.equal(0)
      },
      { 'src/note-added.ts': noteAdded('@Event'), 'src/handler.ts': '' }
    ))

  it('lets tail and publish work beside a running service, and moves nobody’s position', () =>
    withNotes(async ({ folder }, start) => {
      const service = await start()
      await service.add('a', 'first')
      await untilWritten(folder, ['first'])
      const tail = ['tail', 'main/notes', '--from', 'first', '-n', '1', '--json']
      const followed = await run(tail, { cwd: folder })
      expect(followed.code, followed.err).to.equal(0)
      expect(JSON.parse(followed.out)).to.deep.include({ type: 'NoteAdded', key: 'a', source: 'notes' })
      const input = '{"noteId":"b","text":"from elsewhere"}'
      const publish = ['publish', 'main/notes', '--type', 'NoteAdded', '--key', 'noteId']
      const published = await run(publish, { cwd: folder, input })
      expect(published.code, published.err).to.equal(0)
      await untilWritten(folder, ['first', 'from elsewhere'])
      await service.add('a', 'last')
      await untilWritten(folder, ['first', 'from elsewhere', 'last'])
      const all = await run([...tail.slice(0, 4), '-n', '3', '--json'], { cwd: folder })
      expect(all.out.split('\n').filter((line) => line !== '')).to.have.length(3)
    }))

  it('refuses a second process on the same state, and says who has it', () =>
    withNotes(async ({ folder }, start) => {
      const service = await start()
      const { code, err } = await run(['start', '--no-build', '--port', '0'], { cwd: folder })
      expect(code).to.equal(1)
      expect(err).to.contain('STORAGE_BUSY').and.contain(String(service.command.pid))
    }))

  it('says that a port is taken', () =>
    withNotes(async (_, start) => {
      const service = await start()
      const other = await BoosterApp.build(NOTES)
      try {
        const { code, err } = await run(['start', '--no-build', '--port', String(service.port)], { cwd: other.folder })
        expect(code).to.equal(1)
        expect(err).to.contain(`already listens on port ${service.port}`)
      } finally {
        await other.remove()
      }
    }))

  it('builds first, and stops where that fails', () =>
    withNotes(async ({ folder }, start) => {
      await rm(join(folder, 'dist'), { recursive: true })
      const unbuilt = await run(['start', '--no-build', '--port', '0'], { cwd: folder })
      expect(unbuilt.code).to.equal(1)
      expect(unbuilt.err).to.contain('not built').and.contain('npm run build')
      await writeFile(join(folder, 'src', 'wrong.ts'), 'export const wrong: number = "text"\n')
      const failed = await run(['start', '--port', '0'], { cwd: folder })
      expect(failed.code).to.equal(1)
      expect(failed.out + failed.err)
        .to.contain('wrong.ts')
        .and.contain('does not build')
      await rm(join(folder, 'src', 'wrong.ts'))
      const service = await start({}, [])
      await service.add('a', 'built')
      await untilWritten(folder, ['built'])
    }))

  it('stops at a wrong address, with class and hint', () =>
    withNotes(
      async ({ folder }) => {
        const { code, err } = await run(['start', '--no-build', '--port', '0'], { cwd: folder })
        expect(code).to.equal(1)
        expect(err).to.contain('STREAMER_UNKNOWN').and.contain('NoteAdded').and.contain("Did you mean 'main'?")
      },
      { 'src/note-added.ts': noteAdded(`@Event({ streamTo: 'mian/notes' })`) }
    ))

  it('says where there is no app', () =>
    inTempFolder(async (folder) => {
      for (const args of [['start'], ['start', '--no-build'], ['tail', 'main/notes'], ['publish', 'main/notes']]) {
        const { code, err } = await run(args, { cwd: folder })
        expect(code).to.equal(1)
        expect(err).to.contain('no package.json')
      }
    }))
})
