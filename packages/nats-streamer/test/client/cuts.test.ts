import { expect } from 'chai'
import { newEventId, withMetadata } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { TcpProxy, describeWithServer } from '@boostercloud/dev-brokers'
import type { NatsStreamer, NatsStreamerOptions } from '../../src'
import { Note, field, notes, pollUntil } from '../support/note'
import { publishUntilStored, until } from '../support/repeat'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { useStreamers } from '../support/use-streamers'

/** Notes that are given their ids, as the relay does, so that a copy is told as one. */
const known = (from: number, to: number): Note[] =>
  Array.from({ length: to - from }, (_, n) => withMetadata(new Note('a note', from + n), { id: newEventId() }))

describe('on a network that fails', () => {
  describeWithServer('nats', (server) => {
    const { streamer } = useStreamers(server)
    let proxy: TcpProxy

    beforeEach(async () => {
      proxy = await TcpProxy.to({ port: Number(new URL(server().url).port) })
    })
    afterEach(() => proxy.close())

    const through = (options: Partial<NatsStreamerOptions> = {}): NatsStreamer => {
      const url = new URL(server().url)
      url.port = String(proxy.port)
      return streamer({ servers: url.href, ...options })
    }

    it('stores every event once and those of a key in order, cut off again and again', async () => {
      const nats = through()
      await nats.publish([], 'posts')
      const [batches, size] = [12, 300]
      let failures = 0
      for (let batch = 0; batch < batches; batch += 1) {
        const cutting = setTimeout(() => proxy.cut(), batch % 15)
        failures += (await publishUntilStored(nats, known(batch * size, (batch + 1) * size), 'posts')) - 1
        clearTimeout(cutting)
      }
      expect(failures, 'batches that failed').to.be.above(0)
      const published = batches * size
      const numbers = field(await pollUntil(streamer({ pollBatch: 10_000 }), 'posts', published), 'n') as number[]
      expect(numbers).to.have.length(published)
      for (const key of [0, 1, 2]) {
        const ofKey = numbers.filter((n) => n % 3 === key)
        expect(ofKey).to.deep.equal([...ofKey].sort((a, b) => a - b))
      }
    })

    it('stores an event once whose acknowledgement was lost', async () => {
      const nats = through()
      await nats.publish(notes(1), 'posts')
      const lost = proxy.loseNextAnswer((request) => request.includes('HPUB'))
      const [event] = known(1, 2)
      await rejection(nats.publish([event], 'posts'), 'STREAMER_UNAVAILABLE')
      await lost
      await publishUntilStored(nats, [event], 'posts')
      expect(field(await pollUntil(streamer(), 'posts', 2), 'n')).to.deep.equal([0, 1])
    })

    it('reads on where it was, cut off again and again', async () => {
      const nats = through({ pollBatch: 50 })
      await nats.publish(notes(2000), 'posts')
      const received: unknown[] = []
      let position: string | undefined
      let failures = 0
      for (let polls = 0; received.length < 2000; polls += 1) {
        if (polls % 5 === 3) proxy.cut()
        const events = await nats.poll('posts', position).catch(() => {
          failures += 1
          return []
        })
        received.push(...field(events, 'n'))
        position = events.at(-1)?.eventId ?? position
        expect(failures).to.be.below(500)
      }
      expect(received).to.deep.equal(Array.from({ length: 2000 }, (_, n) => n))
    })

    it('fails at once while it is cut off, says so, and comes back by itself', async () => {
      const nats = through({ pollWaitMs: 50 })
      await nats.publish(notes(1), 'posts')
      proxy.refuse()
      await until(async () => !(await nats.health()).healthy, 'Unhealthy')
      const begun = Date.now()
      await rejection(nats.publish(notes(1), 'posts'), 'STREAMER_UNAVAILABLE')
      await rejection(nats.poll('posts'), 'STREAMER_UNAVAILABLE')
      expect(Date.now() - begun).to.be.below(4_000)
      proxy.heal()
      await until(async () => (await nats.health()).healthy, 'Healthy')
      await nats.publish([new Note('again')], 'posts')
      expect(field(await pollUntil(nats, 'posts', 2), 'text')).to.deep.equal(['a note', 'again'])
    })

    it('hands out once, where replicas compete, what it holds when it is cut off', async () => {
      const options = { ordering: 'none', group: 'group', ackWaitMs: 1000, pollBatch: 10 } as const
      const nats = through(options)
      await nats.publish(notes(30), 'posts')
      const held: ExternalEvent[] = []
      while (held.length < 20) held.push(...(await nats.poll('posts')))
      await nats.acknowledge(held[9].eventId as string, 'posts')
      proxy.cut()
      const received = field(held, 'n')
      await until(async () => {
        received.push(...field(await nats.poll('posts', held[9].eventId).catch(() => []), 'n'))
        return received.length >= 30
      }, 'All events')
      received.push(...field(await nats.poll('posts').catch(() => []), 'n'))
      expect(received.sort((a, b) => Number(a) - Number(b))).to.deep.equal(Array.from({ length: 30 }, (_, n) => n))
    })

    it('closes quickly while it is cut off, and while nobody answers', async () => {
      for (const misfortune of ['refuse', 'swallow'] as const) {
        const nats = through()
        await nats.publish(notes(1), 'posts')
        const polling = nats.poll('users').catch(() => [])
        proxy[misfortune]()
        const begun = Date.now()
        await nats.close()
        expect(Date.now() - begun, misfortune).to.be.below(8_000)
        expect(await polling).to.deep.equal([])
        proxy.heal()
      }
    })
  })
})
