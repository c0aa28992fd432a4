import { expect } from 'chai'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { NatsStreamer, NatsStreamerOptions } from '../../src'
import { field, notes } from '../support/note'
import { operate } from '../support/plain-client'
import { until } from '../support/repeat'
import { useStreamers } from '../support/use-streamers'

const ascending = (values: unknown[]): unknown[] => [...values].sort((a, b) => Number(a) - Number(b))
const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

describe('competing replicas', () => {
  describeWithServer('nats', (server) => {
    const { streamer, stream } = useStreamers(server)
    const replica = (own: Partial<NatsStreamerOptions> = {}): NatsStreamer =>
      streamer({ ordering: 'none', group: 'blog', ackWaitMs: 60_000, pollBatch: 10, ...own })
    const unacknowledged = (): Promise<number> =>
      operate(server().url, async (api) => {
        const [consumer] = await api.consumers.list(stream()).next()
        return consumer.num_ack_pending + consumer.num_pending
      })

    /** Polls until so many events are there, settling nothing. */
    async function gather(nats: NatsStreamer, count: number): Promise<ExternalEvent[]> {
      const events: ExternalEvent[] = []
      await until(async () => {
        events.push(...(await nats.poll('posts')))
        return events.length >= count
      }, `${count} events`)
      return events
    }

    it('share the events of a topic, each to one of them', async () => {
      const replicas = [replica(), replica(), replica()]
      await replicas[0].publish(notes(300), 'posts')
      const received: unknown[][] = [[], [], []]
      const marks: (string | undefined)[] = []
      await until(async () => {
        await Promise.all(
          replicas.map(async (one, index) => {
            const events = await one.poll('posts', marks[index])
            marks[index] = events.at(-1)?.eventId ?? marks[index]
            received[index].push(...field(events, 'n'))
          })
        )
        return received.flat().length >= 300
      }, 'All events')
      expect(ascending(received.flat())).to.deep.equal(upTo(300))
      for (const one of received) expect(one.length).to.be.above(0)
    })

    it('acknowledge one by one up to the mark, and never what another has', async () => {
      const [one, other] = [replica(), replica()]
      await one.publish(notes(60), 'posts')
      const [mine, others] = [await gather(one, 10), await gather(other, 1)]
      await one.acknowledge(mine[9].eventId as string, 'posts')
      await until(async () => (await unacknowledged()) === 50, 'Ten of them acknowledged')
      await other.acknowledge(others.at(-1)?.eventId as string, 'posts')
      await until(async () => (await unacknowledged()) === 50 - others.length, 'The others too')
    })

    it('give back at once what they have not settled when they close', async () => {
      const [one, other] = [replica(), replica()]
      await one.publish(notes(20), 'posts')
      const events = await gather(one, 10)
      await one.acknowledge(events[3].eventId as string, 'posts')
      const settled = field(events.slice(0, 4), 'n')
      await one.close()
      expect(ascending([...settled, ...field(await gather(other, 16), 'n')])).to.deep.equal(upTo(20))
    })

    it('keep what they have while they live, however long that is', async () => {
      const [one, other] = [replica({ ackWaitMs: 1000 }), replica({ ackWaitMs: 1000 })]
      await one.publish(notes(5), 'posts')
      const events = await gather(one, 5)
      const begun = Date.now()
      while (Date.now() - begun < 2_500) expect(await other.poll('posts')).to.deep.equal([])
      await one.acknowledge(events[4].eventId as string, 'posts')
      await until(async () => (await unacknowledged()) === 0, 'All of them acknowledged')
    })

    it('of two services each get every event, whatever their names have in common', async () => {
      const groups = ['blog', 'blog.a', 'blog_a', 'żółć']
      await replica().publish(notes(3), 'posts')
      for (const group of groups) expect(await gather(replica({ group }), 3)).to.have.length(3)
    })

    it('are named by the service and its environment unless told otherwise', async () => {
      const nats = replica({ group: undefined })
      nats.attach({ streamerId: 'main', appName: 'shop', environment: 'production' })
      await nats.publish(notes(1), 'posts')
      await nats.poll('posts')
      const [consumer] = await operate(server().url, (api) => api.consumers.list(stream()).next())
      expect(consumer.name).to.match(/^shop-production-.*posts-[0-9a-f]{10}$/)
      expect(consumer.config).to.deep.include({ ack_policy: 'explicit', max_deliver: -1, max_ack_pending: -1 })
    })

    it('take over a consumer that was made with another ackWaitMs, and one that was deleted', async () => {
      const first = replica()
      await first.publish(notes(2), 'posts')
      await gather(first, 2)
      await first.close()
      const second = replica({ ackWaitMs: 2000 })
      const events = await gather(second, 2)
      await second.acknowledge(events[1].eventId as string, 'posts')
      await operate(server().url, async (api) => {
        const [consumer] = await api.consumers.list(stream()).next()
        expect(consumer.config.ack_wait).to.equal(2_000_000_000)
        await api.consumers.delete(stream(), consumer.name)
      })
      await second.publish(notes(1, 'later'), 'posts')
      await until(async () => field(await second.poll('posts'), 'text').includes('later'), 'What came later')
    })

    it('tell in their health how many events wait', async () => {
      const nats = replica()
      await nats.publish(notes(25), 'posts')
      await gather(nats, 10)
      const { healthy, details } = await nats.health()
      expect([healthy, details.messages, details.connected]).to.deep.equal([true, 25, true])
      expect(details.lag).to.be.within(0, 15)
    })
  })
})
