import { expect } from 'chai'
import { StreamerError, cloudEvents, withMetadata } from '@boostercloud/streamer-connector'
import type { Codec } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { Note, field, notes, pollUntil } from '../support/note'
import { operate, publishPlainly } from '../support/plain-client'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { until } from '../support/repeat'
import { useStreamers } from '../support/use-streamers'

describe('poll', () => {
  describeWithServer('nats', (server) => {
    const { streamer, stream } = useStreamers(server)
    const consumers = (): Promise<number> =>
      operate(server().url, async (api) => (await api.streams.info(stream())).state.consumer_count)

    it('reads on from a position and starts at the first event without one, and keeps one consumer meanwhile', async () => {
      const nats = streamer({ pollBatch: 4 })
      await nats.publish(notes(10), 'posts')
      const seen: unknown[] = []
      let position: string | undefined
      for (let polls = 0; polls < 6; polls += 1) {
        const events = await nats.poll('posts', position)
        seen.push(...field(events, 'n'))
        position = events.at(-1)?.eventId ?? position
      }
      expect(seen).to.deep.equal(Array.from({ length: 10 }, (_, n) => n))
      expect(await consumers()).to.equal(1)
      expect(field(await nats.poll('posts'), 'n')[0]).to.equal(0)
    })

    it('serves readers at different places of one topic at once', async () => {
      const nats = streamer({ pollBatch: 10 })
      await nats.publish(notes(40), 'posts')
      const read = async (): Promise<unknown[]> => field(await pollUntil(nats, 'posts', 40), 'n')
      const all = await Promise.all([read(), read(), read()])
      for (const one of all) expect(one).to.deep.equal(Array.from({ length: 40 }, (_, n) => n))
    })

    it('keeps no more than some readers that nobody polls', async () => {
      const nats = streamer()
      await nats.publish(notes(100), 'posts')
      const all = await pollUntil(nats, 'posts', 100)
      for (const { eventId } of all.slice(0, 90)) await nats.poll('posts', eventId)
      await until(async () => (await consumers()) <= 65, 'Consumers that the server has forgotten')
    })

    it('hands out what is there in bounded batches, however large the events are', async () => {
      const nats = streamer({ maxEventBytes: 1_000_000 })
      for (let n = 0; n < 30; n += 1) await nats.publish([new Note('x'.repeat(900_000), n)], 'posts')
      expect(field(await pollUntil(nats, 'posts', 30), 'n')).to.deep.equal(Array.from({ length: 30 }, (_, n) => n))
    })

    it('waits for the first event and no longer than it is told', async () => {
      const nats = streamer({ pollWaitMs: 30_000 })
      const polled = nats.poll('posts')
      await streamer().publish(notes(1), 'users')
      await streamer().publish(notes(1), 'posts')
      expect(await polled).to.have.length(1)
      const begun = performance.now()
      const shortly = streamer({ pollWaitMs: 200 })
      expect(await shortly.poll('none')).to.deep.equal([])
      expect(performance.now() - begun).to.be.at.least(150)
    })

    it('starts at the first event of a stream that was deleted and made anew, also while it waits', async () => {
      const [nats, waiting] = [streamer({ pollWaitMs: 20_000 }), streamer({ pollWaitMs: 20_000 })]
      await nats.publish(notes(5), 'posts')
      const old = await pollUntil(nats, 'posts', 5)
      const polled = waiting.poll('posts', old[4].eventId).catch(() => [])
      await until(async () => (await consumers()) >= 2, 'A poll that waits')
      await operate(server().url, (api) => api.streams.delete(stream()))
      const fresh = streamer()
      await fresh.publish([new Note('new', 1), new Note('newer', 2)], 'posts')
      const first = await polled
      const next = first.length > 0 ? first : await waiting.poll('posts', old[4].eventId)
      expect(field(next, 'text')[0]).to.equal('new')
      expect(field(await nats.poll('posts', old[1].eventId), 'text')[0]).to.equal('new')
    })

    it('starts at the first event where the stream has lost those before the position', async () => {
      const nats = streamer()
      await nats.publish(notes(2), 'posts')
      const [{ eventId = '' }] = await nats.poll('posts')
      const beyond = eventId.replace(/:1$/, ':1000')
      expect(await pollUntil(streamer(), 'posts', 2, beyond)).to.have.length(2)
    })

    it('goes on where its consumer was deleted', async () => {
      const nats = streamer()
      await nats.publish(notes(3), 'posts')
      const all = await pollUntil(nats, 'posts', 3)
      await operate(server().url, async (api) => {
        for await (const { name } of api.consumers.list(stream())) await api.consumers.delete(stream(), name)
      })
      await nats.publish([new Note('next', 3)], 'posts')
      expect(field(await pollUntil(nats, 'posts', 1, all[2].eventId), 'text')).to.deep.equal(['next'])
    })

    it('goes on behind what was forgotten', async () => {
      const nats = streamer()
      await nats.publish(notes(3), 'posts')
      const [first] = await nats.poll('posts')
      await operate(server().url, (api) => api.streams.purge(stream()))
      await nats.publish([new Note('next', 3)], 'posts')
      expect(field(await streamer().poll('posts', first.eventId), 'text')).to.deep.equal(['next'])
    })

    it('reads several subjects through wildcards, in the order of the stream', async () => {
      const nats = streamer()
      for (const [n, topic] of ['posts.created', 'users.created', 'posts.deleted', 'posts.a.b'].entries())
        await nats.publish([new Note(topic, n)], topic)
      expect(field(await pollUntil(nats, 'posts.*', 2), 'n')).to.deep.equal([0, 2])
      expect(field(await pollUntil(nats, 'posts.>', 3), 'n')).to.deep.equal([0, 2, 3])
      expect(field(await pollUntil(nats, '*.created', 2), 'n')).to.deep.equal([0, 1])
      const [event] = await nats.poll('posts.*')
      expect(event.streamerTopic).to.equal('posts.*')
    })

    it('refuses a position that is none, before it waits', async () => {
      const nats = streamer({ pollWaitMs: 30_000 })
      for (const id of ['', '7', 'x:1', '1:', '1:-1', '1:1.5'])
        await rejection(nats.poll('posts', id), 'OPTION_INVALID')
    })

    it('reads CloudEvents in structured mode, and what is none', async () => {
      const nats = streamer()
      await nats.provision(['posts'])
      const envelope = { specversion: '1.0', id: '7', source: 'shop', type: 'Sold', data: { text: 'structured' } }
      const structured = { 'Content-Type': 'application/cloudevents+json' }
      await publishPlainly(server().url, `${stream()}.posts`, Buffer.from(JSON.stringify(envelope)), structured)
      await publishPlainly(server().url, `${stream()}.posts`, Buffer.from('{"text":"bare"}'))
      const events = await pollUntil(nats, 'posts', 2)
      expect(field(events, 'text')).to.deep.equal(['structured', 'bare'])
      expect(events.map(({ metadata }) => metadata?.type)).to.deep.equal(['Sold', undefined])
    })

    it('hands out what cannot be decoded, with the reason, and what follows it', async () => {
      const nats = streamer()
      await nats.provision(['posts'])
      const subject = `${stream()}.posts`
      await publishPlainly(server().url, subject, Buffer.from('{'))
      await publishPlainly(server().url, subject, Buffer.from('{}'), { 'ce-specversion': '1.0', 'ce-id': '%FF' })
      await nats.publish([withMetadata(new Note('fine'), { id: '2' })], 'posts')
      const events = await pollUntil(nats, 'posts', 3)
      const codes = events.map(({ metadata }) => metadata?.undecodable?.code)
      expect(codes).to.deep.equal(['EVENT_UNDECODABLE', 'EVENT_UNDECODABLE', undefined])
    })

    it('loses nothing while what decodes it is away', async () => {
      let away = true
      const registry: Codec = {
        ...cloudEvents,
        decode: (message, topic) => {
          if (away) throw new StreamerError('STREAMER_UNAVAILABLE', 'The registry is away.', { retryable: true })
          return cloudEvents.decode(message, topic)
        },
      }
      for (const own of [{}, { ordering: 'none', group: 'g', ackWaitMs: 60_000 }] as const) {
        away = true
        const nats = streamer({ codec: registry, ...own })
        const topic = JSON.stringify(own).length === 2 ? 'ordered' : 'competing'
        await nats.publish(notes(3), topic)
        await rejection(nats.poll(topic), 'STREAMER_UNAVAILABLE')
        away = false
        expect(field(await pollUntil(nats, topic, 3), 'n')).to.have.members([0, 1, 2])
      }
    })
  })
})
