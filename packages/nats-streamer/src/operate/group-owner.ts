import { createHash } from 'node:crypto'
import { DiscardPolicy, JetStreamApiError, jetstream } from '@nats-io/jetstream'
import type { StorageType, StreamConfig } from '@nats-io/jetstream'
import { groupOwnedError, isStreamerError } from '@boostercloud/streamer-connector'
import type { GroupOwned, GroupOwner } from '@boostercloud/streamer-connector'
import { API, apiCode, errorFrom, findStream, unavailable } from '../client'
import type { Connection, Notices } from '../client'
import type { NatsStreamerSettings } from '../options'
import { withClaim, withoutClaim } from './group-record'
import type { Holding } from './group-record'

/** How often the record is read again because another process has written it meanwhile. */
const TRIES = 20

/** What cannot be done here, whoever asks: rights, limits, a server of an earlier version. */
class Unkept extends Error {}

/** A record as it was read, the number that it is known by, and the server's time. */
interface Read {
  readonly record: readonly Holding[]
  readonly sequence: number
  readonly now: number
}

/** The stream beside another one that keeps whose its groups are. */
function groupsStream(stream: string): string {
  return `${stream}_groups`
}

/**
 * Keeps whose a group is in a small stream beside that of the events, laid out as a key-value bucket of NATS: one record for each group, which is
 * written only in place of the one that was read. Times are the server's.
 *
 * What reading does not need is not required: where the record cannot be kept, that is said once, and everybody owns the group.
 */
export class GroupOwners {
  private readonly stream: string
  private readonly subject: string
  private isHopeless = false

  public constructor(
    private readonly connection: Connection,
    private readonly settings: NatsStreamerSettings,
    private readonly group: string,
    private readonly notices: Notices
  ) {
    this.stream = groupsStream(settings.stream)
    this.subject = `$KV.${this.stream}.${keyOf(group)}`
  }

  /** Rejects with `GROUP_OWNED`, and with `STREAMER_UNAVAILABLE` where the server does not answer. */
  public async own(topics: readonly string[], owner: GroupOwner): Promise<GroupOwned> {
    return this.asFarAsAllowed({ before: [] }, async () => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const { record, sequence, now } = await this.read(this.settings.declare)
        const verdict = withClaim(record, { topics, owner, now })
        if ('refused' in verdict) {
          const { topic, by } = verdict.refused
          throw groupOwnedError({ group: this.group, topic, by, option: 'NatsStreamer.with({ group })' })
        }
        if (await this.replace(sequence, verdict.record)) return { before: verdict.before }
      }
      throw this.contended()
    })
  }

  public async leave(topics: readonly string[], owner: GroupOwner): Promise<void> {
    await this.asFarAsAllowed(undefined, async () => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const { record, sequence, now } = await this.read(false)
        if (await this.replace(sequence, withoutClaim(record, { topics, owner, now }))) return
      }
      throw this.contended()
    })
  }

  /** Makes the stream of the records where it is missing and may be made. */
  public async provision(): Promise<void> {
    this.isHopeless = false
    await this.asFarAsAllowed(undefined, () => this.read(true).then(() => undefined))
  }

  private contended(): Error {
    return unavailable(`others keep writing the record of the group '${this.group}'`, this.stream)
  }

  private async read(mayMake: boolean): Promise<Read> {
    const { connection, stream, subject } = this
    const found = (await findStream(connection, stream)) ?? (mayMake ? await this.make() : undefined)
    if (found === undefined) throw new Unkept(`there is no stream '${stream}', which provisioning creates`)
    if (found.ts === undefined)
      throw new Unkept('the server does not report the time, which it does since version 2.10')
    const message = await connection.ask((api) => api.streams.getMessage(stream, { last_by_subj: subject }))
    const record = message ? message.json<{ holdings: Holding[] }>().holdings : []
    return { record, sequence: message?.seq ?? 0, now: Date.parse(found.ts) }
  }

  /** As replicated and as durable as the stream of the events is. */
  private async make(): Promise<{ ts?: string } | undefined> {
    const { connection, settings, stream } = this
    const events: Partial<StreamConfig> = (await findStream(connection, settings.stream))?.config ?? {}
    const { num_replicas = settings.replicas, storage = settings.storage as StorageType } = events
    const bucket = { discard: DiscardPolicy.New, max_msgs_per_subject: 1, allow_rollup_hdrs: true, allow_direct: true }
    const config = { name: stream, subjects: [`$KV.${stream}.>`], num_replicas, storage, ...bucket }
    try {
      return await connection.ask((api) => api.streams.add(config))
    } catch (thrown) {
      // Another process has made it in the meantime.
      if (apiCode(thrown) === API.streamNameInUse) return findStream(connection, stream)
      throw thrown
    }
  }

  /** Writes the record unless another one is there than that of this number. Answers whether it did. */
  private async replace(sequence: number, holdings: readonly Holding[]): Promise<boolean> {
    const { connection, stream, subject } = this
    const expect = { streamName: stream, lastSubjectSequence: sequence }
    const body = JSON.stringify({ holdings })
    try {
      const timeout = this.settings.publishTimeoutMs
      await connection.ask(() => jetstream(connection.nats).publish(subject, body, { expect, timeout }))
      return true
    } catch (thrown) {
      if (apiCode(thrown) === API.wrongLastSequence) return false
      throw thrown
    }
  }

  /** Does something, or says once why it cannot be done here, and answers as if nothing was known of the group. */
  private async asFarAsAllowed<T>(otherwise: T, act: () => Promise<T>): Promise<T> {
    if (this.isHopeless) return otherwise
    try {
      return await act()
    } catch (thrown) {
      const error = thrown instanceof Unkept ? thrown : errorFrom(thrown, this.stream)
      const isForbidden = isStreamerError(error, 'STREAMER_FORBIDDEN')
      if (!(thrown instanceof Unkept) && !isForbidden && !isLimit(thrown)) throw error
      // A right is given by hand, so nobody is asked for it again every few seconds.
      this.isHopeless = isForbidden
      this.notices.warn(
        `The owner of the group '${this.group}' cannot be recorded in NATS: ${error.message.replace(/\.$/, '')}. Two services with this name and ` +
          'separate streaming states cannot be distinguished.'
      )
      return otherwise
    }
  }
}

/** What an account or a server does not give to anybody; not that it is busy at the moment. */
function isLimit(thrown: unknown): boolean {
  return thrown instanceof JetStreamApiError && thrown.code !== API.busy && thrown.code !== API.noLeader
}

/** A group as a key of a bucket: readable, and told from every other one. */
function keyOf(group: string): string {
  const plain = group.replace(/[^\w-]+/g, '_')
  if (plain === group) return group
  return `${plain.slice(0, 100)}.${createHash('sha256').update(group).digest('hex').slice(0, 10)}`
}
