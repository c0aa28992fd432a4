import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { RabbitMQStreamer, RabbitMQStreamerOptions } from '../../src'
import { numbers, pollUntil } from '../support/note'
import { useRabbit } from '../support/rabbit'
import { rejection } from '../../../streamer-connector/test/support/rejection'

describeWithServer('rabbitmq', (server) => {
  const rabbit = useRabbit(server)
  const warnings: string[] = []
  beforeEach(() => (warnings.length = 0))

  function reader(queue: string, own: Partial<RabbitMQStreamerOptions> = {}): RabbitMQStreamer {
    const streamer = rabbit.streamer({ topics: { notes: { queue, declare: false } }, ...own })
    const silent = (): void => undefined
    const logger = { debug: silent, info: silent, error: silent, warn: (text: string) => void warnings.push(text) }
    streamer.attach({ streamerId: 'main', appName: 'a', environment: 'e', logger })
    return streamer
  }

  describe('a queue of others', () => {
    const all = {
      'x-max-age': '1h',
      'x-max-length-bytes': 1_000_000,
      'x-stream-max-segment-size-bytes': 100_000,
      'x-initial-cluster-size': 1,
      'x-queue-leader-locator': 'client-local',
    }
    for (const more of [{}, { 'x-max-age': '1h' }, { 'x-max-length-bytes': 5_000_000_000 }, all]) {
      it(`that is a stream is refused, and unhealthy (${JSON.stringify(more)})`, async () => {
        const queue = rabbit.name('stream')
        await rabbit.channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'stream', ...more } })
        const streamer = reader(queue)
        const { hint, message } = await rejection(streamer.poll('notes'), 'OPTION_INVALID')
        expect(message).to.include(queue)
        expect(hint).to.include('quorum queue')
        expect(await streamer.health()).to.deep.include({ healthy: false })
      })
    }

    it('that is a stream is refused where nothing is to be in order', async () => {
      const queue = rabbit.name('stream')
      await rabbit.channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'stream', ...all } })
      await rejection(reader(queue, { ordering: 'none' }).poll('notes'), 'OPTION_INVALID')
    })

    async function warningsOf(args: object, own: Partial<RabbitMQStreamerOptions> = {}): Promise<string[]> {
      const queue = rabbit.name('theirs')
      await rabbit.channel.assertQueue(queue, { durable: true, arguments: args })
      rabbit.channel.sendToQueue(queue, Buffer.from('{"n":1}'))
      expect(numbers(await pollUntil(reader(queue, own), 'notes', 1))).to.deep.equal([1])
      return [...warnings]
    }

    const SINGLE = { 'x-single-active-consumer': true }
    const MORE = {
      'x-dead-letter-exchange': "it's 'theirs'",
      'x-overflow': 'reject-publish',
      'x-expires': 1_000_000,
      'x-max-length': 10_000,
      'x-message-ttl': 1_000_000,
    }
    for (const args of [
      {},
      { 'x-queue-type': 'classic', 'x-max-priority': 3, ...MORE },
      { 'x-queue-type': 'quorum' },
      { 'x-queue-type': 'quorum', 'x-delivery-limit': 3, ...MORE },
    ]) {
      it(`is read without a warning as what it is (${JSON.stringify(args)})`, async () => {
        expect(await warningsOf({ ...args, ...SINGLE })).to.deep.equal([])
        expect(await warningsOf(args, { ordering: 'none' })).to.deep.equal([])
        expect(await warningsOf({ ...args, ...SINGLE }, { ordering: 'none' })).to.deep.equal([])
      })

      it(`without a single active consumer is warned of where order is wanted (${JSON.stringify(args)})`, async () => {
        expect((await warningsOf(args)).join()).to.include('no single active consumer')
      })
    }

    it('with a single active consumer that is switched off is warned of once', async () => {
      const found = await warningsOf({ 'x-single-active-consumer': false, ...MORE })
      expect(found).to.have.length(1)
      expect(found[0]).to.include('no single active consumer')
    })

    it('whose arguments do not fit into the answer is read, and that is said', async () => {
      const queue = rabbit.name('x'.repeat(200))
      await rabbit.channel.assertQueue(queue, { durable: true, arguments: MORE })
      rabbit.channel.sendToQueue(queue, Buffer.from('{"n":1}'))
      expect(numbers(await pollUntil(reader(queue), 'notes', 1))).to.deep.equal([1])
      expect(warnings.join()).to.include('is unknown: ')
    })

    for (const [what, options] of [
      ['not durable', { durable: false }],
      ['deleted with its last consumer', { durable: true, autoDelete: true }],
    ] as const) {
      it(`that is ${what} is warned of`, async () => {
        const queue = rabbit.name('loose')
        await rabbit.channel.assertQueue(queue, options)
        rabbit.channel.sendToQueue(queue, Buffer.from('{"n":1}'))
        expect(numbers(await pollUntil(reader(queue), 'notes', 1))).to.deep.equal([1])
        expect(warnings.join()).to.include(what)
      })
    }

    it('whose messages have ids and no app_id hands out each of two with one id, and no source', async () => {
      const queue = rabbit.name('counted')
      await rabbit.channel.assertQueue(queue, { durable: true })
      for (const n of [1, 2]) rabbit.channel.sendToQueue(queue, Buffer.from(`{"n":${n}}`), { messageId: '1' })
      const events = await pollUntil(reader(queue, { ordering: 'none' }), 'notes', 2)
      expect(numbers(events)).to.have.members([1, 2])
      expect(events.map(({ metadata }) => [metadata?.id, metadata?.source])).to.deep.equal([
        ['1', undefined],
        ['1', undefined],
      ])
    })

    it('that is not there is not made', async () => {
      await rejection(reader(rabbit.name('missing')).poll('notes'), 'STREAMER_UNAVAILABLE')
    })
  })
})
