import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { KafkaStreamer } from '../../src'
import { asAdmin, committedOf } from '../support/cluster'
import { Replica } from '../support/replica'
import type { Handled } from '../support/replica'
import { Streamers, notes, numbersOf } from '../support/streamers'
import { until } from '../support/until'

const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n)
const ascending = (all: number[]): number[] => [...all].sort((a, b) => a - b)

/** Polls without settling, until there are so many; then on until a poll is empty. */
async function drain(streamer: KafkaStreamer, topic: string, count: number): Promise<ExternalEvent[]> {
  const received: ExternalEvent[] = []
  await until(`${count} events`, async () => {
    const events = await streamer.poll(topic)
    received.push(...events)
    return events.length === 0 && received.length >= count
  })
  return received
}

/** That each key was handled in order, leaving out repeats, and nothing is missing. */
function assertInOrder(handled: Handled, count: number, keys: number): void {
  expect(ascending([...new Set(handled.map(({ note }) => note.n))])).to.deep.equal(range(count))
  for (const key of range(keys)) {
    const first = [...new Set(handled.filter(({ note }) => note.entity === `key-${key}`).map(({ note }) => note.n))]
    expect(first, `key-${key}`).to.deep.equal(ascending(first))
  }
}

describe('replicas of a service', function () {
  this.timeout(120_000)

  describeWithServer('kafka', (server) => {
    const streamers = new Streamers(() => server().url)
    afterEach(() => streamers.close())

    /** A broker goes on knowing a deleted topic for a moment. */
    const makeAgain = (topic: string): Promise<void> =>
      until('the topic to be there again', () =>
        asAdmin(server().url, (admin) => admin.createTopics({ topics: [{ topic }] })).catch(() => false)
      )

    it('share a topic while they come and go and handle slowly: nothing is lost, and the marks are right', async () => {
      const [count, keys] = [600, 24]
      const topic = await streamers.topic(6)
      const publisher = streamers.open()
      await publisher.publish(notes(count / 2, { keys }), topic)
      const handled: Handled = []
      const start = (name: string): [KafkaStreamer, Replica] => {
        const streamer = streamers.open('shared')
        return [streamer, new Replica(streamer, topic, handled, { name, handlerMs: 5 })]
      }
      const [, one] = start('one')
      await until('the first replica to handle', () => handled.length > 20)
      const [[gone, two], [, three]] = [start('two'), start('three')]
      await publisher.publish(notes(count / 2, { from: count / 2, keys }), topic)
      const handles = (name: string): boolean => handled.some(({ replica }) => replica === name)
      await until('the others to handle', () => handles('two') && handles('three'))
      await two.stop()
      await gone.close()
      await until('everything to be handled', () => new Set(handled.map(({ note }) => note.n)).size === count)
      await until('everything to be settled', () => one.isIdle && three.isIdle)
      await Promise.all([one.stop(), three.stop()])
      assertInOrder(handled, count, keys)
      await streamers.close()
      const after = streamers.open('shared')
      await streamers.open().publish(notes(1, { from: count }), topic)
      expect(numbersOf(await drain(after, topic, 1)), 'everything else is committed').to.deep.equal([count])
    })

    it('say what is taken away from them; its IDs settle nothing any more', async () => {
      const topic = await streamers.topic(2)
      await streamers.open().publish(notes(40, { keys: 8 }), topic)
      const [one, two] = [streamers.open('taken'), streamers.open('taken')]
      const revoked: string[] = []
      one.onRevoked(({ topic: of, eventIds }) => void (of === topic && revoked.push(...eventIds)))
      const first = await drain(one, topic, 40)
      const polling = drain(two, topic, 1)
      await until('a partition to be taken away', async () => (await one.poll(topic), revoked.length > 0))
      const second = await polling
      const lost = first.filter(({ eventId }) => revoked.includes(eventId as string))
      expect(ascending(numbersOf(second))).to.deep.equal(ascending(numbersOf(lost)))
      await one.acknowledge(first.at(-1)?.eventId as string, topic)
      await Promise.all([one.close(), two.close()])
      const third = await drain(streamers.open('taken'), topic, lost.length)
      expect(ascending(numbersOf(third)), 'what the second had not settled').to.deep.equal(ascending(numbersOf(lost)))
    })

    it('are not handed again what they have when a partition stays with them', async () => {
      const topic = await streamers.topic(3)
      const other = await streamers.topic(1)
      await streamers.open().publish(notes(30, { keys: 10 }), topic)
      await streamers.open().publish(notes(1), other)
      const one = streamers.open('staying')
      const first = await drain(one, topic, 30)
      expect(numbersOf(await drain(streamers.open('staying'), other, 1)), 'another member').to.deep.equal([0])
      await streamers.open().publish(notes(10, { from: 30, keys: 10 }), topic)
      const second = await drain(one, topic, 10)
      expect(ascending(numbersOf([...first, ...second]))).to.deep.equal(range(40))
    })

    it('may read different topics of one group, as while a new version is rolled out', async () => {
      const [old, added] = [await streamers.topic(4), await streamers.topic(4)]
      const publisher = streamers.open()
      const [ofOld, ofAdded]: [Handled, Handled] = [[], []]
      const olds = [streamers.open('rolling'), streamers.open('rolling')]
      const before = olds.map((each, n) => new Replica(each, old, ofOld, { name: `before ${n}`, handlerMs: 2 }))
      await publisher.publish(notes(100, { keys: 12 }), old)
      await publisher.publish(notes(100, { keys: 12 }), added)
      await until('the old version to handle', () => ofOld.length > 10)
      const now = streamers.open('rolling')
      const after = [
        new Replica(now, old, ofOld, { name: 'after', handlerMs: 2 }),
        new Replica(now, added, ofAdded, { name: 'after', handlerMs: 2 }),
      ]
      await until('the new version to handle its own topic', () => ofAdded.length > 10)
      for (const [index, replica] of before.entries()) {
        await replica.stop()
        await olds[index]?.close()
      }
      await publisher.publish(notes(100, { from: 100, keys: 12 }), old)
      await publisher.publish(notes(100, { from: 100, keys: 12 }), added)
      await until('the new version to handle more', () => ofAdded.length > 110)
      await Promise.all(after.map((replica) => replica.stop()))
      await streamers.close()
      const last = streamers.open('rolling')
      const rest = [
        new Replica(last, old, ofOld, { name: 'last', handlerMs: 0 }),
        new Replica(last, added, ofAdded, { name: 'last', handlerMs: 0 }),
      ]
      const complete = (handled: Handled): boolean => new Set(handled.map(({ note }) => note.n)).size === 200
      await until('everything to be handled', () => complete(ofOld) && complete(ofAdded))
      await Promise.all(rest.map((replica) => replica.stop()))
      assertInOrder(ofOld, 200, 12)
      assertInOrder(ofAdded, 200, 12)
    })

    it('begin where the options say, and there again when they end before anything is settled', async () => {
      const topic = await streamers.topic(3)
      const publisher = streamers.open()
      await publisher.publish(notes(9, { keys: 9 }), topic)
      await new Promise((resolve) => setTimeout(resolve, 20))
      const since = new Date()
      await new Promise((resolve) => setTimeout(resolve, 20))
      await publisher.publish(notes(9, { from: 9, keys: 9 }), topic)
      for (const [name, startAt] of [['begin-last', 'last'] as const, ['begin-since', since] as const]) {
        const early = streamers.open(name, { startAt })
        await until(`${name} to have begun`, async () => {
          await early.poll(topic)
          return (await committedOf(server().url, `${name}-test`, topic)).every((offset) => offset >= 0)
        })
        await early.close()
      }
      await publisher.publish(notes(9, { from: 18, keys: 9 }), topic)
      const first = await drain(streamers.open('begin-first'), topic, 27)
      const last = await drain(streamers.open('begin-last', { startAt: 'last' }), topic, 9)
      const time = await drain(streamers.open('begin-since', { startAt: since }), topic, 18)
      expect(ascending(numbersOf(first)), 'first').to.deep.equal(range(27))
      expect(ascending(numbersOf(last)), 'last').to.deep.equal(range(27).slice(18))
      expect(ascending(numbersOf(time)), 'a time').to.deep.equal(range(27).slice(9))
    })

    it('read what is deleted and made again from its first event', async () => {
      const topic = await streamers.topic(1)
      const reader = streamers.open('again')
      await streamers.open().publish(notes(5), topic)
      const first = await drain(reader, topic, 5)
      await reader.poll(topic, first.at(-1)?.eventId)
      await asAdmin(server().url, (admin) => admin.deleteTopics({ topics: [topic] }))
      await makeAgain(topic)
      await streamers.open().publish(notes(2, { from: 100 }), topic)
      const second: ExternalEvent[] = []
      await until('the new events', async () => {
        second.push(...(await reader.poll(topic).catch(() => [])))
        return numbersOf(second).includes(101)
      })
      expect(numbersOf(second)).to.include.members([100, 101])
    })
  })
})
