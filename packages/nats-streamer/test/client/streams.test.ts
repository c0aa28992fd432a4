import { expect } from 'chai'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { RetentionPolicy, StorageType } from '@nats-io/jetstream'
import type { StreamConfig } from '@nats-io/jetstream'
import type { NatsStreamer, NatsStreamerOptions } from '../../src'
import { Note, field, notes, pollUntil } from '../support/note'
import { operate, publishPlainly } from '../support/plain-client'
import { until } from '../support/repeat'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { useStreamers } from '../support/use-streamers'

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

describe('a stream', () => {
  describeWithServer('nats', (server) => {
    const { streamer, stream } = useStreamers(server)
    const warnings: string[] = []
    beforeEach(() => (warnings.length = 0))

    function attached(options: Partial<NatsStreamerOptions> = {}): NatsStreamer {
      const nats = streamer(options)
      const silent = (): void => undefined
      const logger = { debug: silent, info: silent, error: silent, warn: (text: string) => void warnings.push(text) }
      nats.attach({ streamerId: 'main', appName: 'blog', environment: 'test', logger })
      return nats
    }

    const make = (own: Partial<StreamConfig> = {}): Promise<unknown> =>
      operate(server().url, (api) => api.streams.add({ name: stream(), subjects: [`${stream()}.>`], ...own }))
    const remove = (): Promise<unknown> => operate(server().url, (api) => api.streams.delete(stream()))

    /** Polls until so many events are there, and settles all of them. */
    async function settle(nats: NatsStreamer, count: number, mark?: string): Promise<ExternalEvent[]> {
      const events: ExternalEvent[] = []
      await until(async () => {
        events.push(...(await nats.poll('posts', events.at(-1)?.eventId ?? mark).catch(() => [])))
        return events.length >= count
      }, `${count} events`)
      await nats.acknowledge(events.at(-1)?.eventId as string, 'posts')
      return events
    }

    for (const ordering of ['key', 'none'] as const) {
      it(`that is made anew under a running reader is read from its first event, and that is said (ordering: ${ordering})`, async () => {
        const nats = attached({ ordering })
        await nats.publish(notes(50), 'posts')
        const old = await settle(nats, 50)
        await remove()
        const other = streamer()
        await other.publish(notes(50, 'new'), 'posts')
        const fresh = await settle(nats, 50, old.at(-1)?.eventId)
        expect(field(fresh, 'n')).to.have.members(upTo(50))
        expect(new Set(field(fresh, 'text'))).to.deep.equal(new Set(['new']))
        expect(warnings.join()).to.include('of a stream that had this name before')
        const { healthy, details } = await nats.health()
        expect({ healthy, startedOver: details.startedOver }).to.deep.equal({ healthy: true, startedOver: 1 })
      })
    }

    it('that is made anew twice is read by competing replicas, to the last event', async () => {
      const replicas = [attached({ ordering: 'none', group: 'g' }), attached({ ordering: 'none', group: 'g' })]
      for (const text of ['first', 'second', 'third']) {
        await streamer().publish(notes(40, text), 'posts')
        const seen: unknown[] = []
        const marks: (string | undefined)[] = []
        await until(async () => {
          for (const [index, nats] of replicas.entries()) {
            const events = await nats.poll('posts', marks[index]).catch(() => [])
            marks[index] = events.at(-1)?.eventId ?? marks[index]
            seen.push(...field(events, 'text'))
          }
          return seen.length >= 40
        }, `40 events of the ${text}`)
        expect(seen).to.deep.equal(upTo(40).map(() => text))
        for (const [index, nats] of replicas.entries()) await nats.acknowledge(marks[index] ?? 'none', 'posts')
        await remove()
      }
    })

    it('goes on for a group whose consumer an earlier version has made', async () => {
      const { consumerName } = await import('../../src/consume/consumer')
      const nats = attached({ ordering: 'none', group: 'g' })
      await nats.publish(notes(3), 'posts')
      const subject = `${stream()}.posts`
      const name = consumerName({ group: 'g', subject })
      const config = {
        durable_name: name,
        ack_policy: 'explicit',
        deliver_policy: 'by_start_sequence',
        opt_start_seq: 3,
      }
      await operate(server().url, (api) =>
        api.consumers.add(stream(), { ...config, filter_subject: subject } as Parameters<typeof api.consumers.add>[1])
      )
      expect(field(await settle(nats, 1), 'n')).to.deep.equal([2])
      const names = await operate(server().url, async (api) =>
        (await api.consumers.list(stream()).next()).map((one) => one.name)
      )
      expect(names).to.deep.equal([name])
    })

    it('that lost its newest events, and has others in their places, is read from its first event', async () => {
      const nats = attached()
      await nats.publish(notes(3), 'posts')
      const [, , last] = await pollUntil(nats, 'posts', 3)
      const [streamId, timestamp, sequence] = String(last.eventId).split(':')
      expect(sequence).to.equal('3')
      const lost = `${streamId}:${BigInt(timestamp) - 1n}:3`
      expect(field(await pollUntil(nats, 'posts', 3, lost), 'n')).to.deep.equal([0, 1, 2])
      expect(warnings.join()).to.include('the stream has another event there')
    })

    it('goes on from a position of an earlier version, which does not tell when its event came', async () => {
      const nats = attached()
      await nats.publish(notes(3), 'posts')
      const [, second] = await pollUntil(nats, 'posts', 3)
      const [streamId, , sequence] = String(second.eventId).split(':')
      expect(field(await nats.poll('posts', `${streamId}:${sequence}`), 'n')).to.deep.equal([2])
      expect(warnings).to.deep.equal([])
    })

    it('that has deleted events before they were read says how many', async () => {
      const nats = attached()
      await nats.publish(notes(10), 'posts')
      const [first] = await pollUntil(nats, 'posts', 10)
      await operate(server().url, (api) => api.streams.purge(stream(), { seq: 8 }))
      const reader = attached()
      expect(field(await pollUntil(reader, 'posts', 3, first.eventId), 'n')).to.deep.equal([7, 8, 9])
      expect(warnings.join()).to.include('Up to 6 events')
      expect((await reader.health()).details).to.include({ missed: 6 })
    })

    for (const retention of [RetentionPolicy.Interest, RetentionPolicy.Workqueue]) {
      it(`with retention ${retention} is refused where the receiver keeps the position, and unhealthy`, async () => {
        await make({ retention })
        const nats = attached()
        const { hint } = await rejection(nats.poll('posts'), 'OPTION_INVALID')
        expect(hint).to.include("ordering: 'none'").and.to.include('retention: limits')
        const { healthy, details } = await nats.health()
        expect(healthy).to.equal(false)
        expect(details.reason).to.include(retention)
        const info = await operate(server().url, (api) => api.streams.info(stream()))
        expect(info.state.consumer_count).to.equal(0)
      })

      it(`with retention ${retention} is read by a durable consumer, what comes while it is away too`, async () => {
        await make({ retention })
        expect((await rejection(attached({ ordering: 'none' }).poll('posts'), 'OPTION_INVALID')).hint).to.include(
          'declare'
        )
        const options = { ordering: 'none', declare: false, group: 'g' } as const
        const first = attached(options)
        expect(first.capabilities.replay).to.equal(false)
        expect(await first.poll('posts')).to.deep.equal([])
        await first.close()
        await attached({ declare: false }).publish(notes(5), 'posts')
        expect(field(await settle(attached(options), 5), 'n')).to.have.members(upTo(5))
      })
    }

    it('in memory is refused, unless that is what was asked for', async () => {
      await make({ storage: StorageType.Memory })
      expect((await rejection(attached().publish(notes(1), 'posts'), 'OPTION_INVALID')).hint).to.include('memory')
      await rejection(attached().poll('posts'), 'OPTION_INVALID')
      const volatile = attached({ storage: 'memory' })
      await volatile.publish(notes(1), 'posts')
      expect(volatile.capabilities.durable).to.equal(false)
    })

    it('that acknowledges nothing, or is sealed, is not published to', async () => {
      await make({ no_ack: true })
      const { message } = await rejection(attached().publish(notes(1), 'posts'), 'OPTION_INVALID')
      expect(message).to.include('no_ack')
      await remove()
      await make()
      await attached().publish(notes(1), 'posts')
      await operate(server().url, async (api) => {
        const { config } = await api.streams.info(stream())
        await api.streams.update(stream(), { ...config, sealed: true } as never)
      })
      const sealed = await rejection(attached().publish(notes(1), 'posts'), 'OPTION_INVALID')
      expect(sealed.message).to.include('sealed')
      expect(await pollUntil(attached(), 'posts', 1)).to.have.length(1)
    })

    it('that mirrors another is read where nothing is to be made, and not published to', async () => {
      await make()
      await streamer().publish(notes(2), 'posts')
      const mirror = { name: `${stream()}-mirror`, mirror: { name: stream() } }
      await operate(server().url, (api) => api.streams.add(mirror))
      const options = { stream: mirror.name, subject: `${stream()}.{topic}` }
      await rejection(attached(options).poll('posts'), 'OPTION_INVALID')
      const nats = attached({ ...options, declare: false })
      expect(field(await pollUntil(nats, 'posts', 2), 'n')).to.deep.equal([0, 1])
      const { hint } = await rejection(nats.publish(notes(1), 'posts'), 'OPTION_INVALID')
      expect(hint).to.include('the stream that it mirrors')
    })

    it('that deletes what nobody has read, as the options do not say, is warned of once', async () => {
      await make({ max_msgs: 100, max_age: 3600e9, max_msgs_per_subject: 1 })
      const nats = attached()
      for (let n = 0; n < 3; n += 1) await nats.publish([new Note('x', n)], 'posts')
      expect(warnings).to.have.length(1)
      expect(warnings[0]).to.include('max_age 3600 s, max_msgs 100, max_msgs_per_subject 1')
      expect((await nats.health()).details.notice).to.equal(warnings[0])
      warnings.length = 0
      const knows = attached({ retention: { maxAgeMs: 3_600_000, maxEvents: 100 } })
      await knows.publish(notes(1), 'posts')
      expect(warnings.join()).to.include('(max_msgs_per_subject 1)')
    })

    it('that stores events under another subject is warned of', async () => {
      await make({ subject_transform: { src: `${stream()}.posts`, dest: `${stream()}.elsewhere` } })
      await attached().publish(notes(1), 'posts')
      expect(warnings.join()).to.include(`${stream()}.posts to ${stream()}.elsewhere`)
    })
  })
})

describe('a consumer of competing replicas', () => {
  describeWithServer('nats', (server) => {
    const { streamer, stream } = useStreamers(server)

    it('gives an event without an id a place that is the same at each delivery, and another in a stream that is made anew', async () => {
      const places: unknown[] = []
      for (let round = 0; round < 2; round += 1) {
        const options = { ordering: 'none', group: 'g' } as const
        const first = streamer(options)
        await first.provision(['posts'])
        await publishPlainly(server().url, `${stream()}.posts`, Buffer.from('{}'))
        places.push((await pollUntil(first, 'posts', 1))[0].positionId)
        await first.close()
        places.push((await pollUntil(streamer(options), 'posts', 1))[0].positionId)
        await operate(server().url, (api) => api.streams.delete(stream()))
      }
      expect(places[0]).to.equal(places[1]).and.not.to.equal(undefined)
      expect(places[2]).to.equal(places[3]).and.not.to.equal(places[0])
    })
  })
})
