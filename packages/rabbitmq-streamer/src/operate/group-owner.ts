import { randomUUID } from 'node:crypto'
import type { ChannelModel } from 'amqplib'
import { groupOwnedError, within, endsWithin } from '@boostercloud/streamer-connector'
import type { GroupOwned, GroupOwner, StreamerLogger } from '@boostercloud/streamer-connector'
import { errorFrom, REPLY, replyCode, unavailable, withChannel } from '../client'
import type { Connection } from '../client'
import type { Route } from '../options'
import { alternateOf, markerOf } from './group-marker'
import type { Marked } from './group-marker'
import { assertMarker, bind, declare, deleteUnused, look, Unkept } from './marker-exchange'
import type { OwnMark } from './marker-exchange'

/** How often a marker is looked at again because another process changes it meanwhile. */
const TRIES = 10
/** How long RabbitMQ may take to say whether anybody is bound to a marker; milliseconds. */
const PROBE_MS = 2_000
/** No queue keeps what is sent to see whether anybody is bound. */
const MEMBER_QUEUE = { exclusive: true, durable: false, arguments: { 'x-queue-type': 'classic', 'x-max-length': 0 } }

/** Who reads which queues as what. */
export interface QueueReading {
  readonly group: string
  readonly routes: readonly Route[]
  readonly owner: GroupOwner
  readonly log?: StreamerLogger
}

/** This process's part on one connection: RabbitMQ ends it with the connection. */
interface Membership {
  readonly model: ChannelModel
  readonly queue: string
}

/** A marker that nobody was bound to, and since when. */
interface Abandoned {
  readonly stateId?: string
  readonly sinceMs: number
}

/**
 * Keeps whose a queue is in RabbitMQ itself. Which state it is, an exchange beside the queue says by one of its arguments, which RabbitMQ compares. That
 * the state lives, a queue of each of its processes says, which is bound to that exchange and is gone with the process's connection. An exchange
 * is deleted only while nobody is bound to it, so no state is put in another one's place unseen.
 *
 * What reading does not need is not required: where a right is missing, that is said once, and everybody owns the queue.
 */
export class GroupOwners {
  private membership?: Membership
  private readonly bound = new Set<string>()
  private readonly abandoned = new Map<string, Abandoned>()
  private readonly said = new Set<string>()
  private isHopeless = false

  public constructor(
    private readonly receiving: Connection,
    private readonly publishing: Connection
  ) {}

  /** Rejects with `GROUP_OWNED`, and with `STREAMER_UNAVAILABLE` while RabbitMQ does not answer. */
  public async own(reading: QueueReading): Promise<GroupOwned> {
    return this.asFarAsAllowed(reading, { before: [] }, async () => {
      const markers = this.markersOf(reading)
      if (markers.length === 0) return { before: [] }
      const member = await this.join(reading)
      if (await this.goesOn(member, markers, reading)) return { before: [] }
      const former = await this.formerOf(member, markers, reading)
      for (const marker of markers) await this.take(member, marker, reading)
      this.warnOfUnknown(former, reading)
      const ids = former.flatMap(({ stateId }) => stateId ?? [])
      return { before: [...new Set(ids)].filter((id) => id !== reading.owner.stateId) }
    })
  }

  /** Says of each queue that nobody of this state reads it, unless another process of it does. */
  public async leave(reading: QueueReading): Promise<void> {
    await this.asFarAsAllowed(reading, undefined, async () => {
      const { membership } = this
      if (membership === undefined) return
      const { model, queue } = membership
      const { group, owner } = reading
      for (const marker of this.markersOf(reading).filter((one) => this.bound.has(one))) {
        this.bound.delete(marker)
        await withChannel(model, (channel) => channel.unbindQueue(queue, marker, ''))
        if (!(await deleteUnused(model, marker))) continue
        await declare(model, marker, alternateOf(group, { stateId: owner.stateId, hasLeft: true }))
      }
    })
  }

  private markersOf({ routes, group, log }: QueueReading): string[] {
    const own = routes.filter((route) => route.declare)
    if (own.length < routes.length)
      this.say(group, 'with declare: false nothing is created in RabbitMQ, and others own its queues', log)
    return [...new Set(own.map(({ queue }) => markerOf(queue)))].sort()
  }

  /** The queue that says that this process lives, on the connection that it receives on. */
  private async join({ group }: QueueReading): Promise<Membership> {
    const model = await this.receiving.get()
    if (this.membership?.model === model) return this.membership
    this.bound.clear()
    const queue = `${group}.member.${randomUUID()}`
    await withChannel(model, (channel) => channel.assertQueue(queue, MEMBER_QUEUE))
    return (this.membership = { model, queue })
  }

  /** Whether everything is this state's already, as it nearly always is. */
  private async goesOn({ model, queue }: Membership, markers: readonly string[], by: QueueReading): Promise<boolean> {
    if (!markers.every((marker) => this.bound.has(marker))) return false
    try {
      await withChannel(model, async (channel) => {
        for (const marker of markers) {
          await assertMarker(channel, marker, living(by))
          await channel.bindQueue(queue, marker, '')
        }
      })
      return true
    } catch (thrown) {
      if (replyCode(thrown) !== REPLY.precondition) throw thrown
      for (const marker of markers) this.bound.delete(marker)
      return false
    }
  }

  /** The states that the markers are of at present, all of which have ended; nothing is changed by looking. */
  private async formerOf(member: Membership, markers: readonly string[], by: QueueReading): Promise<Marked[]> {
    const former: Marked[] = []
    for (const marker of markers) {
      const marked = await look(member.model, marker, ownMarks(by))
      if (marked === undefined || (marked.stateId === by.owner.stateId && !marked.hasLeft)) continue
      if (!(await this.isOver(marker, marked, by.owner))) throw this.refusal(marker, marked, by)
      former.push(marked)
    }
    return former
  }

  /** Whether nobody of that state has been bound for the time of a lease: a process whose connection was cut may come back. */
  private async isOver(marker: string, { stateId, hasLeft }: Marked, { leaseMs }: GroupOwner): Promise<boolean> {
    if (hasLeft) return true
    if (await this.isHeld(marker)) {
      this.abandoned.delete(marker)
      return false
    }
    const now = performance.now()
    const known = this.abandoned.get(marker)
    if (known === undefined || known.stateId !== stateId) this.abandoned.set(marker, { stateId, sinceMs: now })
    return known !== undefined && known.stateId === stateId && now - known.sinceMs >= leaseMs
  }

  /** RabbitMQ returns a message that is for nobody. It is sent where publishing goes: who publishes may be stopped from receiving. */
  private async isHeld(marker: string): Promise<boolean> {
    const channel = await (await this.publishing.get()).createConfirmChannel()
    channel.on('error', () => undefined)
    let isReturned = false
    channel.on('return', () => (isReturned = true))
    try {
      channel.publish(marker, '', Buffer.alloc(0), { mandatory: true })
      await within(PROBE_MS, channel.waitForConfirms())
      return !isReturned
    } finally {
      await endsWithin(PROBE_MS, channel.close())
    }
  }

  /** Makes a marker this state's, and binds this process to it. Looking again after binding: what is bound to is not deleted any more. */
  private async take(member: Membership, marker: string, by: QueueReading): Promise<void> {
    const { model, queue } = member
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (!(await declare(model, marker, living(by)))) {
        const marked = await look(model, marker, ownMarks(by))
        if (marked === undefined) continue
        const isOwn = marked.stateId === by.owner.stateId
        if (!isOwn && !(await this.isOver(marker, marked, by.owner))) throw this.refusal(marker, marked, by)
        await deleteUnused(model, marker)
        continue
      }
      if (!(await bind(model, queue, marker))) continue
      if (await declare(model, marker, living(by))) {
        this.bound.add(marker)
        this.abandoned.delete(marker)
        return
      }
      await withChannel(model, (channel) => channel.unbindQueue(queue, marker, ''))
    }
    throw unavailable('others keep changing it', `exchange ${marker}`)
  }

  private refusal(marker: string, { stateId }: Marked, { group, routes }: QueueReading): Error {
    const topic = routes.find(({ queue }) => markerOf(queue) === marker)?.topic
    return groupOwnedError({ group, topic, by: stateId, option: 'RabbitMQStreamer.with({ queue })' })
  }

  private warnOfUnknown(former: readonly Marked[], { group, log }: QueueReading): void {
    if (former.every(({ stateId }) => stateId !== undefined)) return
    log?.warn(
      `Another streaming state has read under the name '${group}' before. RabbitMQ's answers are too short for its id. Events that wait there are not tried ` +
        'again, and events that it has handled may be handled again.'
    )
  }

  private async asFarAsAllowed<T>(reading: QueueReading, otherwise: T, act: () => Promise<T>): Promise<T> {
    if (this.isHopeless) return otherwise
    try {
      return await act()
    } catch (thrown) {
      const { group, log } = reading
      const error = errorFrom(thrown, `group ${group}`)
      const isMadeOtherwise = error.code === 'DECLARATION_CONFLICT'
      if (!(thrown instanceof Unkept) && replyCode(thrown) !== REPLY.refused && !isMadeOtherwise) throw error
      // A right is given by hand, so nobody is asked for it again every few seconds.
      this.isHopeless = true
      this.say(group, thrown instanceof Unkept ? thrown.message : error.message, log)
      return otherwise
    }
  }

  private say(group: string, why: string, log?: StreamerLogger): void {
    if (this.said.has(why)) return
    this.said.add(why)
    log?.warn(
      `The owner of the group '${group}' cannot be recorded in RabbitMQ: ${why.replace(/\.$/, '')}. Two services with this name and separate streaming states ` +
        'cannot be distinguished.'
    )
  }
}

function living(reading: QueueReading): string {
  return ownMarks(reading)[0].alternate
}

/** What a marker of this state may say. */
function ownMarks({ group, owner: { stateId } }: QueueReading): OwnMark[] {
  return [false, true].map((hasLeft) => ({ stateId, hasLeft, alternate: alternateOf(group, { stateId, hasLeft }) }))
}
