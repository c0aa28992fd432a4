import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { isGroupOwning } from '@boostercloud/streamer-connector'
import type { ExternalEvent, GroupOwner } from '@boostercloud/streamer-connector'
import type { KafkaStreamer } from '../../src'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { Streamers, notes, numbersOf } from '../support/streamers'
import { until } from '../support/until'

const of = (stateId: string, member = 'one'): GroupOwner => ({ stateId, member, leaseMs: 10_000 })

describe('the group of a service on Kafka', function () {
  this.timeout(60_000)

  describeWithServer('kafka', (server) => {
    const streamers = new Streamers(() => server().url)
    afterEach(() => streamers.close())

    /** Polls until there are so many, and settles them. */
    const receive = async (streamer: KafkaStreamer, topic: string, count: number): Promise<number[]> => {
      const received: ExternalEvent[] = []
      await until(`${count} events`, async () => received.push(...(await streamer.poll(topic))) >= count)
      await streamer.acknowledge(received.at(-1)?.eventId as string, topic)
      return numbersOf(received)
    }
    /** As a service does: owns the group, then reads. */
    const started = async (streamer: KafkaStreamer, topic: string, owner: GroupOwner): Promise<KafkaStreamer> => {
      await streamer.ownGroup([topic], owner)
      await until('it to be in its group', async () => {
        await streamer.poll(topic)
        return (await streamer.health()).details[`${topic}.joined`] === true
      })
      return streamer
    }

    it('is shared by the members of one state without a word, and refused to another state while one of them lives', async () => {
      const topic = await streamers.topic(2)
      const one = await started(streamers.open('owned'), topic, of('ours'))
      expect(isGroupOwning(one)).to.equal(true)
      await streamers.open().publish(notes(4, { keys: 4 }), topic)
      await receive(one, topic, 4)
      const two = await started(streamers.open('owned'), topic, of('ours', 'two'))
      const stranger = streamers.open('owned')
      const { message, retryable, hint, at } = await rejection(stranger.ownGroup([topic], of('theirs')), 'GROUP_OWNED')
      expect([retryable, at]).to.deep.equal([true, `topic ${topic}, group owned-test`])
      expect(message).to.contain('ours')
      expect(hint).to.contain('consumer: { groupId }')
      await rejection(stranger.poll(topic), 'GROUP_OWNED')
      await one.leaveGroup([topic])
      await one.close()
      await rejection(stranger.ownGroup([topic], of('theirs')), 'GROUP_OWNED')
      await two.close()
      const owned = stranger.ownGroup([topic], of('theirs'))
      expect(await owned, 'and is told whom it follows').to.deep.equal({ before: ['ours'] })
      await streamers.open().publish(notes(2, { from: 10 }), topic)
      expect(await receive(stranger, topic, 2), 'it goes on where the other one was').to.deep.equal([10, 11])
    })

    it("is one state's also where two begin at once: the second is given nothing, and is told so", async () => {
      const topic = await streamers.topic(4)
      const [first, second] = [streamers.open('at-once'), streamers.open('at-once')]
      await first.ownGroup([topic], of('first'))
      await second.ownGroup([topic], of('second'))
      await started(first, topic, of('first'))
      expect(await second.poll(topic)).to.deep.equal([])
      await until('the second to be in the group', async () => {
        await second.poll(topic)
        return (await second.health()).details[`${topic}.joined`] === true
      })
      await streamers.open().publish(notes(40, { keys: 20 }), topic)
      const received: ExternalEvent[] = []
      await until('all events', async () => {
        expect(await second.poll(topic)).to.deep.equal([])
        return received.push(...(await first.poll(topic))) === 40
      })
      await rejection(second.ownGroup([topic], of('second')), 'GROUP_OWNED')
      await rejection(second.poll(topic), 'GROUP_OWNED')
      await first.ownGroup([topic], of('first'))
    })

    it('is of the topics that are named: another state may read others under its name', async () => {
      const [topic, other] = [await streamers.topic(1), await streamers.topic(1)]
      await started(streamers.open('by-topic'), topic, of('ours'))
      const stranger = streamers.open('by-topic')
      await rejection(stranger.ownGroup([other, topic], of('theirs')), 'GROUP_OWNED')
      await started(stranger, other, of('theirs'))
      await streamers.open().publish(notes(1), other)
      expect(await receive(stranger, other, 1)).to.deep.equal([0])
    })

    it("is nobody's where a reader names no state, as a command: it is refused nothing", async () => {
      const topic = await streamers.topic(2)
      const service = await started(streamers.open('plain'), topic, of('ours'))
      await streamers.open().publish(notes(8, { keys: 8 }), topic)
      const plain = streamers.open('plain')
      const received = new Set<number>()
      await until('all events', async () => {
        for (const streamer of [service, plain]) for (const n of numbersOf(await streamer.poll(topic))) received.add(n)
        return received.size === 8 && (await plain.health()).details[`${topic}.joined`] === true
      })
      await service.ownGroup([topic], of('ours'))
    })
  })
})
