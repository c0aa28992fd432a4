import { expect } from 'chai'
import type { ExternalEvent, ReplayRange } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { NatsStreamer } from '../../src'
import { Note, field, notes } from '../support/note'
import { operate } from '../support/plain-client'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { useStreamers } from '../support/use-streamers'

describe('read', () => {
  describeWithServer('nats', (server) => {
    const { streamer, stream } = useStreamers(server)

    async function collect(nats: NatsStreamer, range: ReplayRange, topic = 'posts'): Promise<ExternalEvent[]> {
      const events: ExternalEvent[] = []
      for await (const event of nats.read(topic, range)) events.push(event)
      return events
    }

    it('gives what lies from one position up to another, and all without bounds', async () => {
      const nats = streamer()
      await nats.publish(notes(3), 'users')
      await nats.publish(notes(450), 'posts')
      await nats.publish(notes(3), 'users')
      const all = await collect(nats, {})
      const ids = all.map(({ eventId }) => eventId)
      expect(field(all, 'n')).to.deep.equal(Array.from({ length: 450 }, (_, n) => n))
      expect(field(await collect(nats, { from: ids[10], to: ids[13] }), 'n')).to.deep.equal([10, 11, 12])
      expect(field(await collect(nats, { from: ids[448] }), 'n')).to.deep.equal([448, 449])
      expect(field(await collect(nats, { to: ids[2] }), 'n')).to.deep.equal([0, 1])
      expect(await collect(nats, { from: ids[13], to: ids[10] })).to.deep.equal([])
      expect(await collect(nats, {}, 'nothing')).to.deep.equal([])
    })

    it('gives what the stream got from one time up to another', async () => {
      const nats = streamer()
      await nats.publish(notes(2), 'posts')
      const between = await apart()
      await nats.publish(notes(3), 'posts')
      expect(await collect(nats, { from: between })).to.have.length(3)
      expect(await collect(nats, { to: between })).to.have.length(2)
      expect(await collect(nats, { from: new Date(Date.now() + 60_000) })).to.deep.equal([])
      expect(await collect(nats, { to: new Date(0) })).to.deep.equal([])
    })

    it('ends with what was there when it started', async () => {
      const nats = streamer()
      await nats.publish(notes(2), 'posts')
      const seen: unknown[] = []
      for await (const event of nats.read('posts', {})) {
        seen.push(event)
        await nats.publish(notes(1), 'posts')
      }
      expect(seen).to.have.length(2)
    })

    it('refuses a position of another stream, and gives nothing behind the last event', async () => {
      const [nats, other] = [streamer(), streamer({ stream: `${stream()}-other` })]
      for (const one of [nats, other]) await one.publish(notes(1), 'posts')
      const [{ eventId = '' }] = await other.poll('posts')
      await rejection(collect(nats, { from: eventId }), 'OPTION_INVALID')
      await rejection(collect(nats, { to: eventId }), 'OPTION_INVALID')
      await rejection(collect(nats, { to: 'nonsense' }), 'OPTION_INVALID')
      const [own] = await nats.poll('posts')
      expect(await collect(nats, { from: own.eventId?.replace(/:1$/, ':7') })).to.deep.equal([])
      expect(await collect(nats, { from: own.eventId?.replace(/:1$/, ':0') })).to.have.length(1)
    })

    it('leaves no consumer behind', async () => {
      const nats = streamer()
      await nats.publish(notes(3), 'posts')
      await collect(nats, {})
      for await (const event of nats.read('posts', {})) if (event) break
      await nats.poll('none')
      const info = await operate(server().url, (api) => api.streams.info(stream()))
      expect(info.state.consumer_count).to.equal(1)
    })

    it('works where replicas compete, and settles nothing', async () => {
      const nats = streamer({ ordering: 'none', group: 'g' })
      await nats.publish(notes(5), 'posts')
      expect(field(await collect(nats, {}), 'n')).to.deep.equal([0, 1, 2, 3, 4])
      expect(await nats.poll('posts')).to.have.length.above(0)
    })
  })
})

describe('positionAt', () => {
  describeWithServer('nats', (server) => {
    const { streamer } = useStreamers(server)

    it('is behind the last event, or before the first one of a time', async () => {
      const nats = streamer()
      await nats.publish(notes(2), 'posts')
      const between = await apart()
      await nats.publish([new Note('later', 2)], 'posts')
      await nats.publish([new Note('elsewhere', 3)], 'users')
      const after = async (at: 'last' | Date): Promise<unknown[]> =>
        field(await streamer().poll('posts', await nats.positionAt('posts', at)), 'n')
      expect(await after(between)).to.deep.equal([2])
      expect(await after(new Date(0))).to.deep.equal([0, 1, 2])
      expect(await after(new Date(Date.now() + 60_000))).to.deep.equal([])
      expect(await after('last')).to.deep.equal([])
      const last = await nats.positionAt('posts', 'last')
      await nats.publish([new Note('next', 4)], 'posts')
      expect(field(await streamer().poll('posts', last), 'n')).to.deep.equal([4])
    })

    it('is before the first event of a stream that has none', async () => {
      const nats = streamer()
      const positions = [await nats.positionAt('posts', 'last'), await nats.positionAt('posts', new Date(0))]
      await nats.publish(notes(1), 'posts')
      for (const position of positions) expect(await streamer().poll('posts', position)).to.have.length(1)
    })
  })
})

/** An instant that lies apart from everything before it and after it. */
async function apart(): Promise<Date> {
  await new Promise((resolve) => setTimeout(resolve, 20))
  const instant = new Date()
  await new Promise((resolve) => setTimeout(resolve, 20))
  return instant
}
