import { strict as assert } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { GroupOwned, GroupOwner, GroupOwning, StreamerError } from '@boostercloud/streamer-connector'
import type { Bench } from '../../bench/bench'
import type { ConformanceCase } from '../../harness/conformance-case'
import type { OpenConnector } from '../../bench/open-connector'
import { OtherOwner } from '../../bench/other-owner'
import { numbers, probes, range } from '../../bench/probe'
import { until, within } from '../../bench/within'

const room = 'life'
const needs = ['poll', 'GroupOwning'] as const

type Owning = OpenConnector & GroupOwning

/** A process of a service, on a connector of its own. */
class Process {
  private readonly owner: GroupOwner

  public constructor(
    private readonly bench: Bench,
    stateId: string,
    { leaseMs = 60_000, appName = bench.appName }: { readonly leaseMs?: number; readonly appName?: string } = {}
  ) {
    this.owner = { stateId, member: randomUUID(), leaseMs }
    this.connector = bench.open({ appName }) as Owning
  }

  public readonly connector: Owning
  private reading?: Promise<void>
  private isLeaving = false
  private received = 0

  public owns(...topics: readonly string[]): Promise<GroupOwned> {
    return within(this.bench.limitMs, this.connector.ownGroup(topics, this.owner), 'ownGroup()')
  }

  /** Owns a group and reads, as a service does. */
  public async begins(topic: string): Promise<GroupOwned> {
    const owned = await this.owns(topic)
    this.reading = this.read(topic)
    return owned
  }

  /** Goes on until it has been given an event; what was published before it was listened to may be gone. */
  public async hasRead(topic: string): Promise<void> {
    const publishing = async (): Promise<boolean> => {
      if (this.received === 0) await this.bench.publish(this.connector, probes('entity-1', 1), topic)
      return this.received > 0
    }
    await until(this.bench.limitMs, publishing, () => 'the process to be given an event')
  }

  /** The same of one more. */
  public async hasReadMore(topic: string): Promise<void> {
    this.received = 0
    await this.hasRead(topic)
  }

  /** Owns a group when another state does not any more. */
  public async follows(topic: string): Promise<GroupOwned> {
    let owned: GroupOwned | undefined
    const asking = async (): Promise<boolean> => {
      owned = await this.owns(topic).catch((thrown: unknown) => {
        if (isStreamerError(thrown, 'GROUP_OWNED')) return undefined
        throw thrown
      })
      return owned !== undefined
    }
    await until(this.bench.limitMs, asking, () => 'the end of the lease')
    return owned as GroupOwned
  }

  /** Refused at the latest when those who own the group are members of it, where a broker knows it by its members. */
  public async isRefused(...topics: readonly string[]): Promise<void> {
    let thrown: unknown
    const asking = async (): Promise<boolean> => {
      thrown = await this.owns(...topics).then(
        () => 'nothing',
        (reason: unknown) => reason
      )
      return isStreamerError(thrown, 'GROUP_OWNED')
    }
    await until(
      this.bench.limitMs,
      asking,
      () => `another state to be refused with GROUP_OWNED, not with: ${String(thrown)}`
    )
    assert.equal((thrown as StreamerError).retryable, true, 'it may be asked again')
  }

  public async leaves(...topics: readonly string[]): Promise<void> {
    this.isLeaving = true
    await within(this.bench.limitMs, this.reading ?? Promise.resolve(), 'a poll')
    await within(this.bench.limitMs, this.connector.leaveGroup(topics, this.owner), 'leaveGroup()')
  }

  /** Until it leaves the group, or may read no more. */
  private async read(topic: string): Promise<void> {
    try {
      for (let last: string | undefined; !this.isLeaving;) {
        const events = await this.connector.poll(topic, last)
        this.received += events.length
        last = events.at(-1)?.eventId ?? last
      }
    } catch (thrown) {
      // What a poll is refused with is the matter of other cases; here the process ends, or owns the group no more.
      if (!isStreamerError(thrown)) throw thrown
    }
  }
}

/** Whose a group is, where a connector keeps that. */
export const lifeGroupCases: readonly ConformanceCase[] = [
  {
    name: 'group_is_one_states',
    room,
    asserts:
      'While processes of a state own a group for topics, another state is refused with GROUP_OWNED and changes nothing; other groups and topics are free.',
    needs,
    async run(bench) {
      const [topic, other] = [await bench.topic(), await bench.topic()]
      const [ours, theirs] = [randomUUID(), randomUUID()]
      const [first, replica, second] = [
        new Process(bench, ours),
        new Process(bench, ours),
        new Process(bench, theirs, { leaseMs: 1 }),
      ]
      assert.deepEqual(await first.begins(topic), { before: [] }, 'the first process')
      assert.deepEqual(await replica.begins(topic), { before: [] }, 'another process of its state')
      assert.deepEqual(await first.owns(topic), { before: [] }, 'the first process again')
      await second.isRefused(other, topic)
      await second.isRefused(topic)
      const third = new Process(bench, randomUUID())
      assert.deepEqual(await third.owns(other), { before: [] }, 'another topic, which the refused state has not got')
      await new Process(bench, theirs, { appName: `${bench.appName}-2` }).owns(topic, other)
    },
  },
  {
    name: 'group_is_free_when_left',
    room,
    asserts:
      'When every process of a state has left a group, another state owns it at once, and is told which one was before.',
    needs,
    async run(bench) {
      const topic = await bench.topic()
      const [ours, theirs] = [randomUUID(), randomUUID()]
      const [first, replica, second] = [new Process(bench, ours), new Process(bench, ours), new Process(bench, theirs)]
      await first.begins(topic)
      await first.hasRead(topic)
      await replica.begins(topic)
      await first.leaves(topic)
      await second.isRefused(topic)
      await replica.leaves(topic)
      assert.deepEqual(await second.begins(topic), { before: [ours] }, 'the next state')
      await first.isRefused(topic)
    },
  },
  {
    name: 'group_is_free_when_dead',
    room,
    asserts:
      'When no process of a state has said for the time of a lease that it owns a group, another state owns it, and is told which one was before.',
    needs,
    async run(bench) {
      const topic = await bench.topic()
      const leaseMs = Math.min(2_000, bench.limitMs / 3)
      const ours = randomUUID()
      const first = new Process(bench, ours, { leaseMs })
      const second = new Process(bench, randomUUID(), { leaseMs })
      // Both are connected before the lease begins.
      await second.owns(await bench.topic())
      await first.begins(topic)
      await first.hasRead(topic)
      await second.isRefused(topic)
      await bench.close(first.connector)
      assert.deepEqual(await second.follows(topic), { before: [ours] }, 'the next state')
    },
  },
  {
    name: 'group_is_not_a_sleepers',
    room,
    asserts:
      'A process that stood still for longer than its lease, and whose group another state owns meanwhile, reads nothing more of it and takes nothing back.',
    needs: [...needs, 'harness.inOtherProcess'],
    async run(bench) {
      const topic = await bench.topic()
      const leaseMs = Math.min(2_000, bench.limitMs / 3)
      const first = new OtherOwner(bench, topic, { stateId: randomUUID(), leaseMs })
      const second = new Process(bench, randomUUID(), { leaseMs })
      const publish = (): Promise<void> => bench.publish(second.connector, probes('entity-1', 1), topic)
      await first.says('read', 0, publish)
      await first.stop()
      await second.follows(topic)
      await second.begins(topic)
      await second.hasRead(topic)
      const read = first.count('read')
      first.goOn()
      await first.says('refused', 0, publish)
      await first.says('refused', first.count('refused'), publish)
      assert.equal(first.count('read'), read, 'what it has read')
      await second.hasReadMore(topic)
      await second.owns(topic)
    },
  },
  {
    name: 'group_refuses_no_reader',
    room,
    asserts: 'Who owns nothing reads on while a group is owned: a poll of its name is not refused.',
    needs,
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const owner = new Process(bench, randomUUID())
      await owner.owns(topic)
      await bench.publish(owner.connector, probes('entity-1', 3), topic)
      assert.deepEqual(
        numbers(await reader.drain(3)).sort((a, b) => a - b),
        range(0, 3)
      )
    },
  },
]
