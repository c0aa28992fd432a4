import { Signal, StreamerError, failpoint, isStreamerError } from '@boostercloud/streamer-connector'
import type { RecordedSegment, Recording, RecordingHealth, StreamerLogger } from '@boostercloud/streamer-connector'
import type { Draft, LakeState, LakeVersions, Segment } from '../manifest'
import type { LakeSettings } from '../options'
import { addressKey } from '../manifest'
import { AddressReader } from './address-reader'
import { pauseAfter } from './backoff'
import { OpenSegment } from './open-segment'
import type { Identified } from './recent-ids'
import { GapNotes } from './gaps/gap-notes'
import { gapsOf } from './gaps/gaps-of'
import { GroupClaims } from './groups/group-claims'
import type { RecordedAddress } from './recorded-address'

/** How often a segment is tried that is left when the recorder is stopped. */
const LAST_TRIES = 3

/** What a recorder is made of. */
export interface RecorderParts {
  /** The id of the lake. */
  readonly lakeId: string
  readonly versions: LakeVersions
  readonly settings: LakeSettings
  readonly addresses: readonly RecordedAddress[]
  readonly log: StreamerLogger
  /** The newest events that the lake has of an address, where nothing but their ids tells that it has them. */
  readonly recall: (address: string) => Promise<readonly Identified[]>
}

/** Reads addresses and makes segments of what comes. Nothing is acknowledged before it is in the lake. */
export class Recorder implements Recording {
  public readonly failed: Promise<StreamerError>
  private readonly readers: readonly AddressReader[]
  private readonly stopping = new AbortController()
  private readonly changed = new Signal()
  private ended: Promise<unknown> = Promise.resolve()
  private open: OpenSegment
  private isHurried = false
  private failure?: unknown
  private isBroken = false
  /** Whether nothing is read any more. */
  private haveEnded = false
  private last?: { readonly segment: Segment; readonly perSecond: number }
  private lastAt = performance.now()
  private giveUp: (reason: StreamerError) => void = () => undefined
  private readonly claims: GroupClaims
  private readonly gaps: GapNotes

  private constructor(
    private readonly parts: RecorderParts,
    private readonly state: LakeState,
    known: readonly (readonly Identified[])[]
  ) {
    this.open = new OpenSegment(parts.settings)
    this.failed = new Promise((resolve) => (this.giveUp = resolve))
    const onLost = (reason: StreamerError): void => void this.breakOff(reason)
    this.claims = new GroupClaims({ ...parts, onLost })
    const around = {
      state,
      log: parts.log,
      stopped: this.stopping.signal,
      roomy: () => this.roomy(),
      added: () => this.changed.give(),
      hurry: () => {
        this.isHurried = true
        this.changed.give()
      },
      pause: (ms: number) => this.pause(ms),
    }
    this.readers = parts.addresses.map(({ streamer, topic, connector }) => {
      const owned = (): Promise<void> => this.claims.require(connector)
      return new AddressReader(connector, { streamer, ...(topic !== undefined && { topic }) }, { ...around, owned })
    })
    this.gaps = new GapNotes(this.readers, parts.versions, parts.log)
    this.readers.forEach((reader, index) => {
      for (const event of known[index]) reader.recall(event)
    })
  }

  private begin(): void {
    this.ended = Promise.all([this.readAll(), this.commitAll().catch((thrown: unknown) => this.fail(thrown))])
  }

  /** Resolves when the lake is known; then it reads. Rejects with a `STORAGE_…` error. */
  public static async start(parts: RecorderParts): Promise<Recorder> {
    await parts.versions.recover()
    const known = await Promise.all(parts.addresses.map((address) => parts.recall(addressKey(address))))
    const recorder = new Recorder(parts, await parts.versions.latest(), known)
    await recorder.claims.begin()
    recorder.begin()
    return recorder
  }

  public async health(): Promise<readonly RecordingHealth[]> {
    return Promise.all(this.readers.map((reader) => this.healthOf(reader)))
  }

  public get lastSegment(): RecordedSegment | undefined {
    const segment = this.last?.segment
    return segment && { path: segment.path, events: segment.rows, recordedAt: new Date(segment.recordedTo) }
  }

  public async stop(): Promise<void> {
    this.stopping.abort()
    this.changed.give()
    await this.ended
    await this.claims.end()
    const { failure } = this
    if (failure === undefined || this.unrecorded === 0) return
    throw failure instanceof Error ? failure : new Error(String(failure))
  }

  private get unrecorded(): number {
    return this.readers.reduce((sum, { unrecorded }) => sum + unrecorded, 0)
  }

  private async healthOf(reader: AddressReader): Promise<RecordingHealth> {
    const { address, recorded, unrecorded } = reader
    const thrown = this.failure ?? reader.failure
    const problem = this.problemOf(reader)
    const lag = await reader.lag()
    const { lastSegment } = this
    return {
      address,
      healthy: problem === undefined,
      ...(problem && { problem, lastError: isStreamerError(thrown) ? thrown.code : 'FAILED' }),
      recorded,
      unrecorded,
      perSecond: this.last?.perSecond ?? 0,
      ...(lag !== undefined && { lag }),
      ...(lastSegment && { lastSegment }),
      gaps: gapsOf(this.state, address),
    }
  }

  private problemOf({ failure }: AddressReader): RecordingHealth['problem'] {
    if (this.isBroken) return 'ended'
    if (this.failure !== undefined) return 'storage-fails'
    return failure === undefined ? undefined : 'poll-fails'
  }

  private async roomy(): Promise<OpenSegment> {
    while (this.open.isFull || this.isBroken) {
      if (this.stopping.signal.aborted) break
      await this.changed.next()
    }
    return this.open
  }

  private async pause(ms: number): Promise<void> {
    const until = performance.now() + ms
    while (!this.stopping.signal.aborted && performance.now() < until)
      await this.changed.next(until - performance.now())
  }

  private async readAll(): Promise<void> {
    await Promise.all(this.readers.map((reader) => reader.run()))
    this.haveEnded = true
    this.changed.give()
  }

  /** Makes one segment after another, at the end of what is left. */
  private async commitAll(): Promise<void> {
    for (;;) {
      while (!this.isDue && !this.haveEnded) await this.changed.next(this.open.dueMs)
      const { open } = this
      if (open.isEmpty && this.haveEnded) return this.gaps.noteAtEnd()
      this.open = new OpenSegment(this.parts.settings)
      this.isHurried = false
      this.changed.give()
      if (!(await this.commit(open))) return
    }
  }

  /** What nobody has foreseen: the readers wait, and whoever stops it has the reason. */
  private fail(thrown: unknown): void {
    this.failure = thrown
    this.isBroken = true
    this.parts.log.error('The recorder has failed. Nothing more is recorded.', thrown)
    this.giveUp(unforeseen(thrown))
  }

  private get isDue(): boolean {
    if (this.gaps.areDue) return true
    return !this.open.isEmpty && (this.isHurried || this.open.dueMs === 0)
  }

  /** False where it can never succeed. */
  private async commit(open: OpenSegment): Promise<boolean> {
    await this.gaps.settle()
    const draft = open.draft()
    if (!(await this.insist(draft && { ...draft, passed: this.gaps.passed }))) return false
    await failpoint('lake:before-acknowledge')
    await open.settle()
    return true
  }

  /** Notes gaps and commits a draft, however often that fails, unless it can never succeed. */
  private async insist(draft?: Draft): Promise<boolean> {
    const { log } = this.parts
    for (let failures = 1; ; failures += 1) {
      try {
        await this.store(draft)
        return true
      } catch (thrown) {
        this.failure = thrown
        if (isStreamerError(thrown) && !thrown.retryable) return this.breakOff(thrown)
        if (failures === 1)
          log.error('The lake cannot be written; it is tried again, and nothing is acknowledged.', thrown)
        if (this.stopping.signal.aborted && failures >= LAST_TRIES) return false
        await this.pause(pauseAfter(failures))
      }
    }
  }

  private async store(draft?: Draft): Promise<void> {
    // Before the events that follow: a process that dies in between must not leave a gap that nobody knows.
    await this.gaps.note()
    const committed = draft && (await this.parts.versions.commit(draft))
    this.failure = undefined
    if (committed?.outcome === 'recorded') this.note(committed.segment)
  }

  /** Records nothing more. */
  private breakOff(reason: StreamerError): false {
    this.failure = reason
    this.isBroken = true
    this.parts.log.error('Nothing more is recorded into the lake.', reason)
    this.giveUp(reason)
    return false
  }

  private note(segment: Segment): void {
    const now = performance.now()
    this.last = { segment, perSecond: Math.round((segment.rows * 1000) / Math.max(1, now - this.lastAt)) }
    this.lastAt = now
  }
}

function unforeseen(cause: unknown): StreamerError {
  return new StreamerError(
    'STORAGE_UNAVAILABLE',
    `Recording ended by a failure that is not handled: ${String(cause)}.`,
    {
      hint: 'Start the recorder again; nothing is lost. Please report this.',
      cause,
    }
  )
}

/** What a recording of nothing is told. */
export function nothingToRecord(): StreamerError {
  return new StreamerError('OPTION_INVALID', 'There is nothing to record: no address is given.', {
    at: 'addresses',
    hint: "Name the addresses, as ['main-kafka/posts'].",
  })
}
