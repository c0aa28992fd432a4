import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { nkeys } from '@nats-io/nats-core'
import { TcpProxy, startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import type { Credentials } from '@boostercloud/streamer-connector'
import { eventually } from '../../../streamers/test/support/eventually'
import { NatsStreamer } from '../../src'
import type { NatsStreamerOptions } from '../../src'
import { credentials } from '../support/credentials'
import { notes, pollUntil } from '../support/note'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { OWN_SERVER } from '../support/use-streamers'

/** What a service may do that handles and publishes, as the how-to on least privilege has it. */
const RIGHTS = `
publish: [
  "streamers.>", "streamers_groups.>",
  "$JS.API.STREAM.*.streamers", "$JS.API.STREAM.*.streamers_groups", "$JS.API.STREAM.MSG.*.streamers_groups",
  "$JS.API.DIRECT.GET.streamers_groups.>",
  "$JS.API.CONSUMER.*.streamers", "$JS.API.CONSUMER.*.streamers.>", "$JS.API.CONSUMER.MSG.NEXT.streamers.>", "$JS.ACK.streamers.>"
],
subscribe: ["_INBOX.>"]
`

describe('access', () => {
  let folder: string
  let running: Server[] = []
  let made: NatsStreamer[] = []

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'nats-access-'))
  })
  afterEach(async () => {
    await Promise.all(made.map((streamer) => streamer.close()))
    await Promise.all(running.map((server) => server.stop()))
    ;[made, running] = [[], []]
    rmSync(folder, { recursive: true, force: true })
  })

  async function serverWith(settings: Readonly<Record<string, string>>): Promise<string> {
    const server = await startServer('nats', { ways: OWN_SERVER, settings })
    running.push(server)
    return new URL(server.url).host
  }

  function streamer(options: NatsStreamerOptions): NatsStreamer {
    const nats = NatsStreamer.with({ pollWaitMs: 200, connectTimeoutMs: 3000, ...options })
    made.push(nats)
    return nats
  }

  async function works(options: NatsStreamerOptions): Promise<void> {
    const nats = streamer(options)
    await nats.publish(notes(2), 'posts')
    expect(await pollUntil(nats, 'posts', 2)).to.have.length(2)
  }

  /** What it says, which has nothing secret in it. */
  async function refused(options: NatsStreamerOptions): Promise<string> {
    const { message, cause } = await rejection(streamer(options).publish(notes(1), 'posts'), 'STREAMER_FORBIDDEN')
    return `${message} ${String(cause)}`
  }

  it('is had with a user and a password', async () => {
    const servers = await serverWith({ authorization: '{ user: anna, password: geheim }' })
    await works({ servers, user: 'anna', pass: 'geheim' })
    await works({ servers: `nats://anna:geheim@${servers}`, stream: 'other' })
    expect(await refused({ servers, user: 'anna', pass: 'falsch' })).not.to.match(/falsch|geheim/)
    await refused({ servers })
  })

  it('is had with a password of other letters, percent-encoded in the URL or as it is', async () => {
    const [user, pass] = ['zoë ключ', 'pässwörd €/:@%41']
    const servers = await serverWith({ authorization: `{ user: "${user}", password: "${pass}" }` })
    await works({ servers, user, pass })
    const encoded = `${encodeURIComponent(user)}:${encodeURIComponent(pass)}`
    await works({ servers: `nats://${encoded}@${servers}`, stream: 'other' })
    expect(await refused({ servers, user, pass: 'pässwörd' })).not.to.contain('pässwörd')
  })

  it('is had with a token', async () => {
    const servers = await serverWith({ authorization: '{ token: geheim }' })
    await works({ servers, token: 'geheim' })
    expect(await refused({ servers, token: 'falsch' })).not.to.match(/falsch|geheim/)
  })

  it('is had with an nkey', async () => {
    const [user, stranger] = [nkeys.createUser(), nkeys.createUser()]
    const servers = await serverWith({ authorization: `{ users: [ { nkey: ${user.getPublicKey()} } ] }` })
    const seed = Buffer.from(user.getSeed()).toString()
    await works({ servers, nkeySeed: seed })
    const strange = Buffer.from(stranger.getSeed()).toString()
    expect(await refused({ servers, nkeySeed: strange })).not.to.include(strange)
  })

  it('is had with a credentials file', async () => {
    const { settings, file } = credentials()
    const servers = await serverWith(settings)
    writeFileSync(join(folder, 'user.creds'), file, { mode: 0o600 })
    await works({ servers, credsFile: join(folder, 'user.creds') })
    const missing = streamer({ servers, credsFile: join(folder, 'missing.creds') })
    const error = await rejection(missing.publish(notes(1), 'posts'), 'STREAMER_UNAVAILABLE')
    expect(error.message).to.include('missing.creds')
  })

  it('names the subject that a user may not publish to or read', async () => {
    const may = '">"'
    const servers = await serverWith({
      authorization: `{ users: [
        { user: all, password: p },
        { user: reader, password: p, permissions: { publish: { allow: ${may}, deny: "streamers.>" }, subscribe: ${may} } },
        { user: writer, password: p, permissions: { publish: { allow: ${may}, deny: "$JS.API.CONSUMER.>" }, subscribe: ${may} } }
      ] }`,
    })
    await works({ servers, user: 'all', pass: 'p' })
    const reader = streamer({ servers, user: 'reader', pass: 'p' })
    const begun = Date.now()
    const published = await rejection(reader.publish(notes(3), 'posts'), 'STREAMER_FORBIDDEN')
    expect(published.message).to.include('streamers.posts')
    const writer = streamer({ servers, user: 'writer', pass: 'p' })
    await writer.publish(notes(1), 'posts')
    const polled = await rejection(writer.poll('posts'), 'STREAMER_FORBIDDEN')
    expect(polled.message).to.include('CONSUMER')
    expect(Date.now() - begun).to.be.below(15_000)
  })

  it('is asked for at each connection where a function returns it: another user counts without a restart', async () => {
    const users = '[ { user: anna, password: first }, { user: berta, password: second } ]'
    const server = await startServer('nats', { ways: OWN_SERVER, settings: { authorization: `{ users: ${users} }` } })
    running.push(server)
    const proxy = await TcpProxy.to({ port: Number(new URL(server.url).port) })
    try {
      let current: Credentials | undefined
      const nats = streamer({
        servers: `nats://nobody:nothing@127.0.0.1:${proxy.port}`,
        credentials: async () => current ?? Promise.reject(new Error('the vault is sealed')),
      })
      const sealed = await rejection(nats.publish(notes(1), 'posts'), 'STREAMER_UNAVAILABLE')
      expect(sealed.message).to.include('the vault is sealed')
      current = { username: 'anna', password: 'first' }
      await nats.publish(notes(1), 'posts')

      current = { username: 'berta', password: 'wrong' }
      proxy.cut()
      await eventually(async () => (await codeOf(nats.publish(notes(1), 'posts'))) === 'STREAMER_FORBIDDEN')
      current = { username: 'berta', password: 'second' }
      await eventually(async () => (await codeOf(nats.publish(notes(1), 'posts'))) === '')
      expect((await pollUntil(nats, 'posts', 2)).length).to.be.within(2, 3)
    } finally {
      await proxy.close()
    }
  })

  it('needs few rights: on the subjects, and on the API of its stream and of the stream of groups', async () => {
    const servers = await serverWith({
      authorization: `{ users: [
        { user: blog, password: p, permissions: { ${RIGHTS} } }
      ] }`,
    })
    for (const ordering of ['key', 'none'] as const) {
      const nats = streamer({ servers, user: 'blog', pass: 'p', ordering })
      nats.attach({ streamerId: 'main', appName: 'blog', environment: 'test' })
      await nats.provision(['posts'])
      const owner = { stateId: 'a state', member: 'a process', leaseMs: 10_000 }
      expect(await nats.ownGroup(['posts'], owner)).to.deep.equal({ before: [] })
      await nats.leaveGroup(['posts'], owner)
      await nats.publish(notes(2), 'posts')
      const events = await pollUntil(nats, 'posts', 2)
      await nats.acknowledge(events[1].eventId as string, 'posts')
      expect((await nats.health()).healthy, ordering).to.equal(true)
      expect(await nats.lag('posts', events[1].eventId), ordering).to.be.a('number')
    }
    const other = streamer({ servers, user: 'blog', pass: 'p', stream: 'other' })
    await rejection(other.publish(notes(1), 'posts'), 'STREAMER_FORBIDDEN')
  })

  it('lets a user see its lag who may not delete the consumer that it is counted by', async () => {
    const permissions = '{ publish: { allow: ">", deny: "$JS.API.CONSUMER.DELETE.>" }, subscribe: ">" }'
    const servers = await serverWith({
      authorization: `{ users: [ { user: reader, password: p, permissions: ${permissions} } ] }`,
    })
    const reader = streamer({ servers, user: 'reader', pass: 'p' })
    await reader.publish(notes(3), 'posts')
    expect(await reader.lag('posts')).to.equal(3)
  })

  it('is had over TLS, with a certificate of its own where the server asks for it', async () => {
    const path = (name: string): string => join(folder, name)
    certificates(folder)
    const tls = `{ cert_file: "${path('server.crt')}", key_file: "${path('server.key')}", ca_file: "${path('ca.crt')}", verify: true }`
    const servers = await serverWith({ tls, authorization: '{ user: anna, password: geheim }' })
    const own = { servers, user: 'anna', pass: 'geheim' }
    const mine = { caFile: path('ca.crt'), certFile: path('client.crt'), keyFile: path('client.key') }
    await works({ ...own, tls: mine })
    for (const tls of [true, { caFile: path('ca.crt') }, { caFile: path('none.crt') }])
      await rejection(streamer({ ...own, tls }).publish(notes(1), 'posts'), 'STREAMER_UNAVAILABLE')
  })

  it('does not speak in clear where TLS is asked for', async () => {
    const servers = await serverWith({ authorization: '{ user: anna, password: geheim }' })
    const nats = streamer({ servers: `tls://${servers}`, user: 'anna', pass: 'geheim' })
    expect((await rejection(nats.publish(notes(1), 'posts'), 'STREAMER_UNAVAILABLE')).message).to.include('tls')
  })
})

/** The code of the error that it rejects with; empty where it resolves. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => '',
    (error: { code: string }) => error.code
  )
}

/** An authority, and certificates of a server and of a client that it has signed. */
function certificates(folder: string): void {
  const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', '-days', '2', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=authority')
  for (const name of ['server', 'client']) {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`)
    writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost')
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names']
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...signed)
  }
}
