import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from '../../streamers/test/support/eventually'
import { Command } from './support/command'
import type { Ended } from './support/command'

const accepts = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

describe('boost-streamers brokers', function () {
  this.timeout(180_000)
  let cache: string
  const brokers = (...args: string[]): Promise<Ended> =>
    new Command(['brokers', ...args], { env: { BOOSTER_STREAMERS_CACHE: cache } }).ended

  before(async () => {
    cache = await mkdtemp(join(tmpdir(), 'streamers-cache-'))
    // A server that refuses to run as root must get through to its folder.
    await chmod(cache, 0o755)
  })
  after(async () => {
    await brokers('down', 'postgres', '--with-data')
    await rm(cache, { recursive: true, force: true })
  })

  it('up that is interrupted leaves nothing that runs', async () => {
    const command = new Command(['brokers', 'up', 'postgres'], { env: { BOOSTER_STREAMERS_CACHE: cache } })
    const note = join(cache, 'kept', 'postgres.json')
    await eventually(
      () => existsSync(note),
      () => ({ awaited: note, err: command.err }),
      120_000
    )
    const { code, err } = await command.end('SIGINT')
    expect(code, err).to.equal(1)
    expect(err).to.contain('interrupted')
    expect((await brokers('list')).out).to.equal('none runs\n')
  })

  it('up starts a server that outlives it, once; down stops it and keeps its data', async () => {
    const first = await brokers('up', 'postgres')
    expect(first.code, first.err).to.equal(0)
    const [, url] = /^STREAMERS_POSTGRES_URL=(postgres:\S+)\n$/.exec(first.out) ?? []
    expect(await accepts(url)).to.equal(true)
    expect((await brokers('up', 'postgres')).out).to.equal(first.out)

    const listed = (await brokers('list')).out
    expect(listed).to.contain(`127.0.0.1:${new URL(url).port}`)
    expect(listed).not.to.contain(new URL(url).password)

    expect((await brokers('down', 'postgres')).out).to.contain('is stopped')
    expect(await accepts(url)).to.equal(false)
    expect((await brokers('down', 'postgres')).out).to.contain('does not run')
    expect((await brokers('list')).out).to.equal('none runs\n')

    const second = await brokers('up', 'postgres')
    expect(second.code, second.err).to.equal(0)
    expect(new URL(second.out.split('=')[1].trim()).password).to.equal(new URL(url).password)
  })

  it('says what there is when asked for something else', async () => {
    const { code, err } = await brokers('up', 'mainframe')
    expect(code).to.equal(1)
    expect(err).to.contain('postgres')
  })
})
