import { expect } from 'chai'
import { json, isPartialPublishError, withMetadata } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { NatsStreamer } from '../../src'
import { toMessage } from '../../src/wire/message'
import { Note, field, notes, pollUntil } from '../support/note'
import { connectPlainly, operate } from '../support/plain-client'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { until } from '../support/repeat'
import { OWN_SERVER, useStreamers } from '../support/use-streamers'

describe('publish', () => {
  describeWithServer(
    'nats',
    (server) => {
      const { streamer, stream } = useStreamers(server)

      it('carries an event with everything beside it', async () => {
        const nats = streamer()
        nats.attach({ streamerId: 'main', appName: 'blog', environment: 'test' })
        const metadata = {
          id: 'id-1',
          type: 'NoteTaken',
          version: 3,
          time: '2026-01-02T03:04:05.678Z',
          key: 'another key',
          correlationId: 'c',
          causationId: 'a',
          headers: { 'x-tenant': 'blue' },
        }
        await nats.publish([withMetadata(new Note('hello', 1), metadata)], 'posts')
        const [event] = await nats.poll('posts')
        expect(event).to.deep.include({
          streamerId: 'main',
          streamerTopic: 'posts',
          eventPayload: { text: 'hello', n: 1 },
        })
        expect(event.metadata).to.deep.include({ ...metadata, source: 'blog', subject: 'note-1' })
      })

      it('writes and reads each topic with the codec that it has', async () => {
        const nats = streamer({ topics: { plain: { codec: json }, other: {} } })
        await nats.publish(notes(1), 'plain')
        await nats.publish(notes(1), 'posts')
        const [[plain], [post]] = [await nats.poll('plain'), await nats.poll('posts')]
        expect([plain.metadata?.id, typeof post.metadata?.id]).to.deep.equal([undefined, 'string'])
        expect([plain, post].map(({ eventPayload }) => eventPayload)).to.deep.equal([
          { ...notes(1)[0] },
          { ...notes(1)[0] },
        ])
      })

      it('keeps the key where the codec writes nothing of CloudEvents', async () => {
        const nats = streamer({ codec: json })
        await nats.publish([withMetadata(new Note('bare'), { key: 'k*.> 1' })], 'posts')
        const [event] = await nats.poll('posts')
        expect([event.metadata?.key, event.metadata?.id]).to.deep.equal(['k*.> 1', undefined])
      })

      it('stores once what is published again with its id, on each topic', async () => {
        const nats = streamer()
        const event = withMetadata(new Note('once'), { id: 'id-1' })
        await nats.publish([event], 'posts')
        await nats.publish([event], 'posts')
        await nats.publish([event], 'users')
        expect(await nats.poll('posts')).to.have.length(1)
        expect(await nats.poll('users')).to.have.length(1)
      })

      it('tells two events with one id by their sources', async () => {
        for (const source of ['blog', 'shop']) {
          await streamer({ source }).publish([withMetadata(new Note(source), { id: '1' })], 'posts')
        }
        expect(field(await pollUntil(streamer(), 'posts', 2), 'text')).to.deep.equal(['blog', 'shop'])
      })

      it('forgets ids when the window of the stream is over', async () => {
        const nats = streamer({ duplicateWindowMs: 100 })
        const event = withMetadata(new Note('twice'), { id: 'id-1' })
        await nats.publish([event], 'posts')
        const end = Date.now() + 20_000
        for (let stored = 1; stored < 2;) {
          expect(Date.now()).to.be.below(end)
          await new Promise((resolve) => setTimeout(resolve, 50))
          await nats.publish([event], 'posts')
          stored = (await collected(nats)).length
        }
      })

      it('names what the stream refused of a batch, and stores the others', async () => {
        const nats = streamer()
        await nats.provision(['posts'])
        await operate(server().url, (api) => api.streams.update(stream(), { max_msg_size: 1000 }))
        const large = new Note('x'.repeat(2000), 1)
        const batch = [new Note('a'), large, new Note('b', 1), new Note('c', 2)]
        const error = await rejection(nats.publish(batch, 'posts'), 'PUBLISH_PARTIAL')
        if (!isPartialPublishError(error)) throw error
        expect(error.failed.map(({ index, error: { code, retryable } }) => [index, code, retryable])).to.deep.equal([
          [1, 'EVENT_TOO_LARGE', false],
        ])
        expect(field(await pollUntil(nats, 'posts', 3), 'text')).to.have.members(['a', 'b', 'c'])
        await rejection(nats.publish([large], 'posts'), 'EVENT_TOO_LARGE')
      })

      it("sends nothing of a batch in which one event is too large, by the option or by the server's max_payload", async () => {
        const [small, large] = [streamer({ maxEventBytes: 700 }), streamer({ maxEventBytes: 64_000_000 })]
        const error = await rejection(
          small.publish([new Note('a'), new Note('x'.repeat(700)), new Note('b')], 'posts'),
          'EVENT_TOO_LARGE'
        )
        expect([error.at, error.retryable]).to.deep.equal(['Note', false])
        await rejection(large.publish([new Note('a'), new Note('x'.repeat(500_000))], 'posts'), 'EVENT_TOO_LARGE')
        expect(await large.poll('posts')).to.deep.equal([])
        await large.publish([new Note('x'.repeat(490_000))], 'posts')
        expect(await large.poll('posts')).to.have.length(1)
      })

      it('refuses a header that NATS has not, before anything is sent', async () => {
        const nats = streamer()
        const bad = withMetadata(new Note('b'), { headers: { 'two words': 'x' } })
        await rejection(nats.publish([new Note('a'), bad], 'posts'), 'EVENT_NOT_ENCODABLE')
        expect(await nats.poll('posts')).to.deep.equal([])
      })

      it('takes a topic with an empty part for what it is', async () => {
        await rejection(streamer().publish(notes(1), 'a..b'), 'ADDRESS_MALFORMED')
        await rejection(streamer().poll('a.'), 'ADDRESS_MALFORMED')
      })

      it('uses the default topic where none is named, and refuses to guess where there is none', async () => {
        const nats = streamer({ defaultTopic: 'posts' })
        await nats.publish(notes(1))
        expect(await nats.poll('posts')).to.have.length(1)
        await rejection(streamer().publish(notes(1)), 'TOPIC_MISSING')
        await rejection(streamer().poll(), 'TOPIC_MISSING')
        await rejection(streamer().publish(notes(1), ''), 'TOPIC_MISSING')
      })

      it('says that no stream takes a subject, where it may not make one, and publishes when there is one', async () => {
        const nats = streamer({ declare: false })
        const error = await rejection(nats.publish(notes(1), 'posts'), 'STREAMER_UNAVAILABLE')
        expect(error.retryable).to.equal(true)
        expect(error.message).to.include(`${stream()}.posts`)
        await nats.provision(['posts'])
        await nats.publish(notes(1), 'posts')
        expect(await nats.poll('posts')).to.have.length(1)
      })

      it('makes the stream again that was deleted in the meantime', async () => {
        const nats = streamer()
        await nats.publish(notes(1), 'posts')
        await operate(server().url, (api) => api.streams.delete(stream()))
        await rejection(nats.publish(notes(1), 'posts'), 'STREAMER_UNAVAILABLE')
        await nats.publish(notes(2), 'posts')
        expect(await pollUntil(streamer(), 'posts', 2)).to.have.length(2)
      })

      it('does not publish into the stream of others unseen', async () => {
        await streamer({ stream: `${stream()}-other`, subject: `${stream()}.{topic}` }).provision(['posts'])
        const nats = streamer()
        expect((await rejection(nats.publish(notes(1), 'posts'), 'OPTION_INVALID')).message).to.include(
          'another stream'
        )
        const undeclared = streamer({ declare: false })
        await rejection(undeclared.publish(notes(1), 'posts'), 'OPTION_INVALID')
      })

      it('does not take an answer in time for success, nor its lack for failure', async () => {
        const nats = streamer({ publishTimeoutMs: 200 })
        await nats.publish(notes(1), 'posts')
        await server().stall()
        let error
        try {
          await until(async () => !(await nats.health()).healthy, 'A server that does not answer')
          error = await rejection(
            nats.publish([withMetadata(new Note('late'), { id: '7' })], 'posts'),
            'STREAMER_UNAVAILABLE'
          )
        } finally {
          await server().goOn()
        }
        expect([error.retryable, /200 ms/.test(error.message)]).to.deep.equal([true, true])
        await nats.publish([withMetadata(new Note('late'), { id: '7' })], 'posts')
        const events = await pollUntil(nats, 'posts', 2)
        expect(field(events, 'text')).to.deep.equal(['a note', 'late'])
        expect(await nats.poll('posts', events[1].eventId)).to.deep.equal([])
      })

      it('can be read by a program that knows nothing of us', async () => {
        const connection = await connectPlainly(server().url)
        const nats = streamer({ source: 'blog' })
        await nats.provision(['posts'])
        const heard = connection.subscribe(`${stream()}.>`, { max: 1 })
        await connection.flush()
        await nats.publish([withMetadata(new Note('hello', 1), { id: '7', type: 'NoteTaken' })], 'posts')
        for await (const message of heard) {
          expect(message.json()).to.deep.equal({ text: 'hello', n: 1 })
          expect(message.subject).to.equal(`${stream()}.posts`)
          expect(message.headers?.get('ce-type')).to.equal('NoteTaken')
          expect(message.headers?.get('ce-source')).to.equal('blog')
          const seen = toMessage({ data: message.data, headers: message.headers })
          Object.defineProperty(message, 'headers', { get: () => expect.fail('The client has parsed the headers.') })
          expect(toMessage(message)).to.deep.equal(seen)
        }
        await connection.close()
      })
    },
    { ways: OWN_SERVER, settings: { max_payload: '500000' } }
  )
})

/** Everything that the topic has. */
async function collected(nats: NatsStreamer): Promise<ExternalEvent[]> {
  const events: ExternalEvent[] = []
  for await (const event of nats.read('posts', {})) events.push(event)
  return events
}
