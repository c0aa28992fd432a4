import { expect } from 'chai'
import { freePort, startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import type { RabbitMQTls } from '../../src'
import { Certificates } from '../support/certificates'
import { notes, numbers, pollUntil } from '../support/note'
import { useRabbit } from '../support/rabbit'
import { writeDefinitions } from '../support/users'
import type { User } from '../support/users'
import { rejection } from '../../../streamer-connector/test/support/rejection'

const PLAIN: User = { name: 'streamers', password: 'only-for-this-test' }
const ANYWHERE: User = { name: 'zoë ключ', password: 'pässwörd €/:@%41' }
const VHOST = 'größe/ключ'

describe('RabbitMQ by TLS', function () {
  this.timeout(120_000)
  let certificates: Certificates | undefined
  let server: Server | undefined
  let port: number
  /** By TCP. */
  const urlOf = ({ name, password }: User, vhost = ''): string =>
    `amqp://${encodeURIComponent(name)}:${encodeURIComponent(password)}@${new URL(server?.url ?? '').host}${vhost}`
  const rabbit = useRabbit(() => ({ ...(server as Server), url: urlOf(PLAIN) }))

  before(async function () {
    this.timeout(0)
    certificates = await Certificates.make()
    port = await freePort()
    const definitions = certificates.beside('definitions.json')
    await writeDefinitions(definitions, [PLAIN, ANYWHERE], ['/', VHOST])
    const settings = { ...settingsOf(port, certificates), load_definitions: definitions }
    server = await startServer('rabbitmq', { settings, ways: ['installed', 'fetched'] })
  })
  after(async function () {
    this.timeout(0)
    await server?.stop()
    await certificates?.remove()
  })

  /** The same user, at the other door. */
  const url = (host = '127.0.0.1'): string => {
    const { username, password } = new URL(rabbit.url)
    return `amqps://${username}:${password}@${host}:${port}`
  }
  const trusted = async (): Promise<RabbitMQTls> => ({ ca: await certificates?.pem('authority', 'cert') })
  const known = async (): Promise<RabbitMQTls> => ({
    ...(await trusted()),
    cert: await certificates?.pem('client', 'cert'),
    key: await certificates?.pem('client', 'key'),
  })

  it('publishes and polls, with the authority that the options name and a certificate of its own', async () => {
    const streamer = rabbit.streamer({ urls: [url()], tls: await known() })
    const topic = rabbit.name()
    await streamer.provision([topic])
    await streamer.publish(notes(0, 3), topic)
    const events = await pollUntil(streamer, topic, 3)
    expect(numbers(events)).to.deep.equal([0, 1, 2])
    await streamer.acknowledge(events[2].eventId as string, topic)
    expect(await streamer.health()).to.deep.include({ healthy: true })
  })

  it('is no server to trust where nobody vouches for it', async () => {
    const { ca: _, ...own } = await known()
    const streamer = rabbit.streamer({ urls: [url()], tls: own })
    const { message, retryable } = await rejection(streamer.publish(notes(0, 1), 'posts'), 'STREAMER_UNAVAILABLE')
    expect(message).to.match(/certificate/)
    expect(retryable).to.equal(true)
  })

  it('is no server to trust under a name that its certificate does not have', async () => {
    const tls = { ...(await known()), servername: 'rabbit.example' }
    const streamer = rabbit.streamer({ urls: [url()], tls })
    const { message } = await rejection(streamer.publish(notes(0, 1), 'posts'), 'STREAMER_UNAVAILABLE')
    expect(message).to.include('rabbit.example')
  })

  it('lets nobody in without a certificate, where the server asks for one', async () => {
    const streamer = rabbit.streamer({ urls: [url()], tls: await trusted(), publishTimeoutMs: 20_000 })
    await rejection(streamer.publish(notes(0, 1), 'posts'), 'STREAMER_UNAVAILABLE')
    const { healthy } = await streamer.health()
    expect(healthy).to.equal(false)
  })

  it('knows user, password and virtual host as UTF-8, percent-encoded or as they are', async () => {
    for (const vhost of ['', `/${encodeURIComponent(VHOST)}`, `/${VHOST.replace('/', '%2F')}`]) {
      const streamer = rabbit.streamer({ urls: [urlOf(ANYWHERE, vhost)] })
      const topic = rabbit.name()
      await streamer.provision([topic])
      await streamer.publish(notes(0, 1), topic)
      expect(numbers(await pollUntil(streamer, topic, 1))).to.deep.equal([0])
    }
    const typed = `amqp://${ANYWHERE.name}:${encodeURIComponent(ANYWHERE.password)}@${new URL(rabbit.url).host}`
    await rabbit.streamer({ urls: [typed] }).provision([rabbit.name()])
    const wrong = rabbit.streamer({ urls: [urlOf({ ...ANYWHERE, password: 'pässwörd' })] })
    const { message } = await rejection(wrong.provision(['posts']), 'STREAMER_FORBIDDEN')
    expect(message).not.to.contain('pässwörd')
  })
})

/** https://www.rabbitmq.com/docs/ssl#enabling-tls */
function settingsOf(port: number, certificates: Certificates): Record<string, string> {
  return {
    'listeners.ssl.1': `127.0.0.1:${port}`,
    'ssl_options.cacertfile': certificates.file('authority', 'cert'),
    'ssl_options.certfile': certificates.file('server', 'cert'),
    'ssl_options.keyfile': certificates.file('server', 'key'),
    'ssl_options.verify': 'verify_peer',
    'ssl_options.fail_if_no_peer_cert': 'true',
  }
}
