import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { TcpProxy, startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import type { Credentials } from '@boostercloud/streamer-connector'
import { eventually } from '../../../streamers/test/support/eventually'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { notes, numbers, pollUntil } from '../support/note'
import { useRabbit } from '../support/rabbit'
import { writeDefinitions } from '../support/users'
import type { User } from '../support/users'

const ADMIN: User = { name: 'streamers', password: 'only-for-this-test' }
const BEFORE: Credentials = { username: 'blog-1', password: 'first' }
const AFTER: Credentials = { username: 'blog-2', password: 'second' }
const OWN = '^(streamers|blog-test[.].*)$'
/** What a service needs that makes its queues itself. */
const BLOG: User = {
  name: 'blog',
  password: 'third',
  permissions: { configure: OWN, write: OWN, read: OWN },
}
/** What a service needs whose exchange and queues are made for it. */
const READER: User = {
  name: 'reader',
  password: 'fourth',
  permissions: { configure: '^$', write: '^streamers$', read: '^blog-test[.].*$' },
}

describe('users of RabbitMQ', function () {
  this.timeout(120_000)
  let folder: string
  let server: Server | undefined
  let proxy: TcpProxy
  const host = (): string => new URL((server as Server).url).host
  const urlOf = ({ name, password }: User): string => `amqp://${name}:${password}@${host()}`
  const rabbit = useRabbit(() => ({ ...(server as Server), url: urlOf(ADMIN) }))

  before(async function () {
    this.timeout(0)
    folder = await mkdtemp(join(tmpdir(), 'rabbit-users-'))
    const definitions = join(folder, 'definitions.json')
    const rotated = [BEFORE, AFTER].map(({ username: name, password }) => ({ name, password }))
    await writeDefinitions(definitions, [ADMIN, ...rotated, BLOG, READER], ['/'])
    server = await startServer('rabbitmq', {
      settings: { load_definitions: definitions },
      ways: ['installed', 'fetched'],
    })
    proxy = await TcpProxy.to({ port: Number(new URL(server.url).port) })
  })
  after(async function () {
    this.timeout(0)
    await proxy?.close()
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('are asked for at each connection: another user or password counts without a restart', async () => {
    let current: Credentials | undefined
    const streamer = rabbit.streamer({
      urls: [`amqp://nobody:nothing@127.0.0.1:${proxy.port}`],
      credentials: async () => current ?? Promise.reject(new Error('the vault is sealed')),
    })
    const topic = rabbit.name()
    const sealed = await rejection(streamer.provision([topic]), 'STREAMER_UNAVAILABLE')
    expect(sealed.message).to.contain('the vault is sealed')
    current = BEFORE
    await eventually(() => succeeds(streamer.provision([topic])))
    await streamer.publish(notes(0, 1), topic)

    current = { ...AFTER, password: 'wrong' }
    proxy.cut()
    let refused = ''
    await eventually(async () => {
      refused = await codeOf(streamer.publish(notes(1, 2), topic))
      return refused === 'STREAMER_FORBIDDEN'
    })
    current = AFTER
    await eventually(() => succeeds(streamer.publish(notes(1, 2), topic)))
    const received = numbers(await pollUntil(streamer, topic, 2))
    expect(received).to.include.members([0, 1])
  })

  it('need rights on the exchange and on what is named after the service, and no others', async () => {
    const blog = rabbit.streamer({ urls: [urlOf(BLOG)] })
    blog.attach({ streamerId: 'main', appName: 'blog', environment: 'test' })
    await blog.provision(['posts'])
    const owner = { stateId: 'a state', member: 'a process', leaseMs: 10_000 }
    expect(await blog.ownGroup(['posts'], owner)).to.deep.equal({ before: [] })
    await blog.publish(notes(0, 2), 'posts')
    const events = await pollUntil(blog, 'posts', 2)
    await blog.acknowledge(events[1].eventId as string, 'posts')
    expect(await blog.health()).to.deep.include({ healthy: true })
    expect(await blog.lag('posts')).to.be.a('number')

    const other = rabbit.streamer({ urls: [urlOf(BLOG)], queue: 'shop-test' })
    await rejection(other.provision(['posts']), 'STREAMER_FORBIDDEN')
  })

  it('need no right to make anything where everything is made for them', async () => {
    const reader = rabbit.streamer({ urls: [urlOf(READER)], declare: false, queue: 'blog-test' })
    await reader.publish(notes(2, 4), 'posts')
    expect(numbers(await pollUntil(reader, 'posts', 2))).to.deep.equal([2, 3])
  })
})

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return (await codeOf(work)) === ''
}

/** The code of the error that it rejects with; empty where it resolves. */
async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => '',
    (error: { code: string }) => error.code
  )
}
