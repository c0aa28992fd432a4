import { StreamerError, didYouMean } from '@boostercloud/streamer-connector'
import type {
  EventRecorder,
  RecordedService,
  RecorderStatus,
  Recording,
  RecordingGap,
} from '@boostercloud/streamer-connector'
import type { RecordedEvent } from './format'
import { compact, forget, retain } from './keep'
import type { CompactOptions, Compacted, ForgetOptions, Forgotten, RetainOptions, Retained } from './keep'
import { LakeVersions, addressKey, ensureLake, identityOf } from './manifest'
import type { LakeState } from './manifest'
import { settingsFrom } from './options'
import type { LakeOptions, LakeSettings } from './options'
import { queryEvents } from './query'
import type { LakeRow } from './query'
import { followEvents, isWantedAt, newestWithoutPlace, readEvents } from './read'
import type { FollowOptions, LakeFilter } from './read'
import { Recorder, STANDARD_ERROR, gapsOf, lagsOf, recordedAddresses, requireCopies } from './record'
import type { RecordOptions } from './record'
import { replayEvents } from './replay'
import type { LakeReplayOptions, LakeReplayed } from './replay'
import { storageAt } from './storage'
import type { LakeStorage } from './storage'
import { faultsOf } from './verify'
import type { LakeFault, VerifyOptions } from './verify'

/**
 * What a lake has, in numbers.
 * @experimental
 */
export interface LakeInfo {
  /** Where it is. */
  readonly place: string
  /** Tells it from any other lake. */
  readonly id: string
  /** How many changes it has had. */
  readonly version: number
  readonly events: number
  readonly segments: number
  /** Of all segments together. */
  readonly bytes: number
  readonly addresses: readonly string[]
  /** When its last event was recorded. */
  readonly lastRecordedAt?: Date
  /** Each part of a topic in which positions count, with the position of its last recorded event. */
  readonly partitions: readonly {
    readonly streamer: string
    readonly topic?: string
    readonly log?: string
    readonly partition: string
    readonly last: number
  }[]
  /** What the brokers deleted before it was recorded, in the order in which that was found. */
  readonly gaps: readonly (RecordingGap & { readonly address: string })[]
}

/**
 * An event lake: the events of streamers, recorded for good in Parquet files that DuckDB, pandas, Spark and Athena read without this package.
 *
 * Everything rejects with `STORAGE_FOREIGN` for a place that is no lake or one of a later version, with `STORAGE_DAMAGED` where a file is missing or is not
 * what it was, and with `STORAGE_UNAVAILABLE` where the place cannot be read or written.
 * @experimental
 */
export class Lake implements EventRecorder {
  private readonly versions: LakeVersions

  private constructor(
    private readonly storage: LakeStorage,
    private readonly settings: LakeSettings
  ) {
    this.versions = new LakeVersions(storage)
  }

  /** A lake with these options. Throws `OPTION_INVALID`; opens nothing. */
  public static with(options: LakeOptions): Lake {
    const settings = settingsFrom(options)
    return new Lake(storageAt(settings.place), settings)
  }

  /**
   * Records addresses from now on, until the recording is stopped, and makes the lake if there is none. Nothing is acknowledged to a broker before it is durable in the
   * lake. Where the broker has stable places and delivers in their order, no position is recorded twice, also by several recorders at once; elsewhere an event that is delivered again soon
   * after is known by its source and id.
   *
   * Resolves when it reads. Rejects with `OPTION_INVALID`, `STREAMER_UNKNOWN`, `TOPIC_MISSING` or `DELIVERY_UNAVAILABLE` for what cannot be recorded.
   */
  public async record(options: RecordOptions): Promise<Recording> {
    const addresses = recordedAddresses(options)
    const { id: lakeId } = await ensureLake(this.storage, () => this.storage.isForeign())
    const versions = new LakeVersions(this.storage)
    const recall = (address: string): ReturnType<typeof newestWithoutPlace> =>
      newestWithoutPlace(this.storage, versions, address)
    return Recorder.start({
      lakeId,
      versions,
      settings: this.settings,
      addresses,
      recall,
      log: options.logger ?? STANDARD_ERROR,
    })
  }

  /** Where it is: the path of its folder, or `s3://bucket/prefix`. */
  public get place(): string {
    return this.storage.place
  }

  /** The option `topics`, or else all addresses of the service. Throws `OPTION_INVALID` for one that is none of the service's. */
  public addressesOf({ addresses }: Pick<RecordedService, 'addresses'>): readonly string[] {
    const { topics = addresses } = this.settings
    const unknown = topics.find((address) => !addresses.includes(address))
    if (unknown === undefined) return topics
    throw new StreamerError('OPTION_INVALID', `The service neither publishes to '${unknown}' nor handles it.`, {
      at: 'Lake.with({ topics })',
      hint: `${didYouMean(unknown, addresses)}It has ${addresses.map((one) => `'${one}'`).join(', ') || 'no address'}.`,
    })
  }

  /**
   * Records the addresses of a service from inside of it, as `record` does; see `config.streaming.lake`. Rejects with `OPTION_INVALID` too, for a streamer of which there can be
   * no second one.
   */
  public async recordService(service: RecordedService): Promise<Recording> {
    const addresses = this.addressesOf(service)
    requireCopies({ ...service, addresses })
    return this.record({ ...service, addresses })
  }

  /** What it has of a service, and how far that is behind its brokers. Reads no event. */
  public async status(service: RecordedService): Promise<RecorderStatus> {
    const { state } = await this.open()
    const { events, lastRecordedAt } = await this.info()
    const recorded = recordedAddresses({ ...service, addresses: this.addressesOf(service) })
    const lags = await lagsOf(recorded, state, service.logger)
    return {
      events,
      ...(lastRecordedAt && { lastRecordedAt: lastRecordedAt.toISOString() }),
      addresses: lags,
    }
  }

  /**
   * The recorded events that a filter wants, in the order in which they were recorded; those of one partition are in the order of their positions.
   * It reads the lake as it is when the first event is asked for.
   */
  public async *read(filter: LakeFilter = {}): AsyncGenerator<RecordedEvent, void, undefined> {
    const { storage, versions } = this
    const { state } = await this.open()
    yield* readEvents(storage, versions, filter, state.segments)
  }

  /**
   * The recorded events that a filter wants, and then those that are recorded, as soon as their segment is closed. An event that is in no lake yet is waited for;
   * it ends when `signal` is aborted.
   */
  public async *follow(
    filter: LakeFilter = {},
    options: FollowOptions = {}
  ): AsyncGenerator<RecordedEvent, void, undefined> {
    await this.open()
    yield* followEvents(this.storage, new LakeVersions(this.storage), filter, options)
  }

  /**
   * The rows that a query of SQL (DuckDB's) selects. There are two views: `deliveries` has a row for each recorded event, with the columns of the files; `events`
   * has of those with the same source and id only the one that was recorded first, and has a column `payload` (JSON) besides. Whole numbers beyond 2^53 are `bigint`s,
   * times and bytes are texts. Nothing but the lake can be read, and nothing can be written.
   *
   * Rejects with `PACKAGE_MISSING` where `@duckdb/node-api` is not installed, and with `OPTION_INVALID` for what is no query, or one that fails.
   */
  public async *query(sql: string): AsyncGenerator<LakeRow, void, undefined> {
    await this.open()
    yield* queryEvents(this.storage, this.versions, sql)
  }

  /**
   * Each thing that is wrong with the lake as it is when the first one is asked for: every file is read, and every position is looked at. Services and recorders may
   * run meanwhile. Nothing is changed.
   */
  public async *verify(options: VerifyOptions = {}): AsyncGenerator<LakeFault, void, undefined> {
    await this.open()
    yield* faultsOf(this.storage, options)
  }

  /**
   * Puts small segments together: many small files make reading slow. Recorders and readers may run meanwhile; a reader sees each event once, whichever version of the
   * lake it began with. A process that is killed during it leaves nothing wrong. What is under `segments/` is replaced file by file, so an engine that reads the files
   * without this package at that moment may miss events.
   */
  public async compact(options: CompactOptions = {}): Promise<Compacted> {
    await this.open()
    return compact(this.storage, new LakeVersions(this.storage), options)
  }

  /**
   * Removes the events of an entity: those whose key or subject it is. The segments that have them are written again without them, and the old files are removed at once. What is
   * left says how many events were removed, so that `verify` misses none. Backups, versions that a bucket keeps, and the broker's own events are not touched.
   * Durable when it resolves. A reader that runs meanwhile may have read them before.
   */
  public async forget(entity: string, options: ForgetOptions = {}): Promise<Forgotten> {
    await this.open()
    return forget(this.storage, new LakeVersions(this.storage), entity, options)
  }

  /** Removes the events of an address that were recorded before a time, as `forget` does. They are not recorded again. */
  public async retain(options: RetainOptions): Promise<Retained> {
    await this.open()
    return retain(this.storage, new LakeVersions(this.storage), options)
  }

  /**
   * Publishes the recorded events that a filter wants as their producers did: the same bytes, ids, types, sources, times, headers and keys, each marked as replayed. Those of a
   * partition, and so of a key, are published in their order. At least once: a retry of the connector, or a replay that was interrupted and is taken up, may publish an event
   * twice, with the same id.
   *
   * Rejects with `OPTION_INVALID` where the connector cannot do it, or is the log that they came from, and as `publishRaw` of the connector does.
   */
  public async replay(filter: LakeFilter, options: LakeReplayOptions): Promise<LakeReplayed> {
    const { state } = await this.open()
    const known = state.partitions.filter((one) => isWantedAt(addressKey(one), filter))
    return replayEvents(this.read(filter), known, options)
  }

  /** What it has at this moment. */
  public async info(): Promise<LakeInfo> {
    const { id, state } = await this.open()
    const { segments, partitions, version } = state
    const last = segments.reduce((latest, { recordedTo }) => Math.max(latest, recordedTo), -Infinity)
    return {
      place: this.storage.place,
      id,
      version,
      events: sum(segments.map(({ rows }) => rows)),
      segments: segments.length,
      bytes: sum(segments.map(({ bytes }) => bytes)),
      addresses: [...new Set(segments.flatMap(({ addresses }) => addresses))].sort(),
      ...(Number.isFinite(last) && { lastRecordedAt: new Date(last) }),
      partitions,
      gaps: [...new Set(state.gaps.map(addressKey))].flatMap((address) =>
        gapsOf(state, address).map((gap) => ({ address, ...gap }))
      ),
    }
  }

  /** Lets go of what it has open. */
  public async close(): Promise<void> {
    await this.storage.close()
  }

  private async open(): Promise<{ id: string; state: LakeState }> {
    const identity = await identityOf(this.storage)
    if (identity !== undefined) return { id: identity.id, state: await this.versions.latest() }
    throw new StreamerError('STORAGE_FOREIGN', 'There is no lake at this place.', {
      at: this.storage.place,
      hint: 'Correct the path. A lake is made when the first recorder starts.',
    })
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
