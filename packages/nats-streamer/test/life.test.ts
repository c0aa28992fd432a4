import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { StorageType } from '@nats-io/jetstream'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { NatsStreamer } from '../src'
import { Note, field, notes, pollUntil } from './support/note'
import { operate } from './support/plain-client'
import { publishUntilStored, until } from './support/repeat'
import { rejection } from '../../streamer-connector/test/support/rejection'
import { unusedPort } from './support/unused-port'
import { OWN_SERVER, useStreamers } from './support/use-streamers'

describe('a connector in use', () => {
  describeWithServer(
    'nats',
    (server) => {
      const { streamer, stream } = useStreamers(server)

      it('connects to the server of several that is there', async () => {
        const nats = streamer({ servers: [`127.0.0.1:${await unusedPort()}`, server().url] })
        await publishUntilStored(nats, notes(1), 'posts')
        expect(await nats.poll('posts')).to.have.length(1)
      })

      it('tells who it is, so that operators know its connection', async () => {
        const nats = streamer()
        nats.attach({ streamerId: 'main', appName: 'blog', environment: 'test' })
        await nats.publish(notes(1), 'posts')
        const details = (await nats.health()).details
        expect(details).to.deep.include({ stream: stream(), connected: true, lag: 0, messages: 1, lastSequence: 1 })
        expect([details.storage, details.stalled]).to.deep.equal(['file', false])
        expect(JSON.stringify(details)).not.to.include(new URL(server().url).password)
      })

      it('is unhealthy where it could not connect, and where its stream is gone', async () => {
        const nowhere = NatsStreamer.with({ servers: `127.0.0.1:${await unusedPort()}` })
        const error = await rejection(nowhere.publish(notes(1), 'posts'), 'STREAMER_UNAVAILABLE')
        expect(error.retryable).to.equal(true)
        expect(await nowhere.health()).to.deep.include({ healthy: false })
        await nowhere.close()
        const nats = streamer()
        await nats.publish(notes(1), 'posts')
        await operate(server().url, (api) => api.streams.delete(stream()))
        expect((await nats.health()).healthy).to.equal(false)
      })

      it('ends waiting polls at close, and is closed then', async () => {
        for (const ordering of ['key', 'none'] as const) {
          const nats = streamer({ pollWaitMs: 30_000, ordering, group: 'g' })
          const early = nats.poll('posts')
          await nats.publish(notes(1), 'users')
          const begun = Date.now()
          await Promise.all([nats.close(), nats.close()])
          expect(await early.catch(() => [])).to.deep.equal([])
          expect(Date.now() - begun).to.be.below(10_000)
          await rejection(nats.poll('posts'), 'CLOSED')
          await rejection(nats.publish(notes(1), 'posts'), 'CLOSED')
          await rejection(nats.provision(['posts']), 'CLOSED')
          expect((await nats.health()).healthy).to.equal(false)
        }
      })

      it('waits at close for what is being published', async () => {
        const nats = streamer()
        await nats.publish([], 'posts')
        await nats.publish(notes(1), 'posts')
        const published = nats.publish(notes(500, 'last'), 'posts')
        await new Promise((resolve) => setImmediate(resolve))
        await nats.close()
        await published
        expect(await pollUntil(streamer(), 'posts', 501)).to.have.length(501)
      })

      it('closes at once while it connects to nobody', async () => {
        const sockets: Socket[] = []
        const silent = createServer((socket) => void sockets.push(socket))
        await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
        try {
          const { port } = silent.address() as AddressInfo
          const nats = NatsStreamer.with({ servers: `127.0.0.1:${port}`, connectTimeoutMs: 1000 })
          const polling = nats.poll('posts').catch((error: unknown) => error)
          await until(() => sockets.length > 0, 'A connection')
          const begun = Date.now()
          await nats.close()
          expect(Date.now() - begun).to.be.below(900)
          expect(await polling).to.be.instanceOf(Error)
        } finally {
          for (const socket of sockets) socket.destroy()
          silent.close()
        }
      })

      it('survives the death of the server, with what it has acknowledged', async () => {
        const nats = streamer()
        await nats.publish(notes(200), 'posts')
        await server().kill()
        await server().restart()
        await publishUntilStored(nats, [new Note('after', 200)], 'posts')
        const all: unknown[] = []
        let position: string | undefined
        await until(async () => {
          const events = await nats.poll('posts', position).catch(() => [])
          all.push(...field(events, 'n'))
          position = events.at(-1)?.eventId ?? position
          return all.length >= 201
        }, 'All events')
        expect(all).to.deep.equal(Array.from({ length: 201 }, (_, n) => n))
      })
    },
    { ways: OWN_SERVER }
  )
})

describe('provision', () => {
  describeWithServer('nats', (server) => {
    const { streamer, stream } = useStreamers(server)
    const info = () => operate(server().url, (api) => api.streams.info(stream()))

    it('makes the stream as the options say', async () => {
      await streamer({
        storage: 'memory',
        retention: { maxAgeMs: 60_000, maxBytes: 1_000_000, maxEvents: 500 },
        duplicateWindowMs: 90_000,
      }).provision(['posts'])
      expect((await info()).config).to.deep.include({
        subjects: [`${stream()}.>`],
        storage: StorageType.Memory,
        retention: 'limits',
        discard: 'old',
        num_replicas: 1,
        max_age: 60e9,
        max_bytes: 1_000_000,
        max_msgs: 500,
        duplicate_window: 60e9,
      })
    })

    it('leaves a stream as it is, but for the subjects that it lacks', async () => {
      const made = { name: stream(), subjects: ['posts.*'], max_msgs: 7, description: "another team's" }
      await operate(server().url, (api) => api.streams.add(made))
      const nats = streamer({ subject: '{topic}', retention: { maxEvents: 1000 }, storage: 'memory' })
      await nats.provision(['posts.created', 'users', 'posts.>'])
      const { subjects, ...rest } = (await info()).config
      expect(subjects).to.have.members(['users', 'posts.>'])
      expect(rest).to.deep.include({ max_msgs: 7, description: "another team's", storage: 'file' })
      await nats.provision([])
    })

    it('may be called by several at once', async () => {
      const topics = ['a', 'b', 'c', 'd', 'e']
      const all = topics.map(() => streamer({ subject: `${stream()}.{topic}.x` }))
      await Promise.all(all.map((one, index) => one.provision([topics[index]])))
      expect((await info()).config.subjects).to.have.members(topics.map((topic) => `${stream()}.${topic}.x`))
    })

    it('refuses subjects that another stream has', async () => {
      await streamer({ subject: `${stream()}.{topic}` }).provision(['posts'])
      const error = await rejection(
        streamer({ stream: `${stream()}-2`, subject: `${stream()}.{topic}` }).provision(['posts']),
        'OPTION_INVALID'
      )
      expect(error.message).to.include('another stream')
    })
  })
})
