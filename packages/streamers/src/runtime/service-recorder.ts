import { Signal, StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import type { EventRecorder, RecordedService, Recording, RecordingHealth } from '@boostercloud/streamer-connector'
import type { StreamingOptions, Topology } from '../declare'
import { errorCode } from '../observe'
import type { Service } from './service'

/** Milliseconds between two tries to open the store of a recorder. */
const TRY_EVERY_MS = 5_000

/** Recording in a service: begins with it, is tried again while the store is away, and ends with it. */
export class ServiceRecorder {
  private readonly recorded: RecordedService
  private readonly addresses: readonly string[]
  private readonly stopping = new AbortController()
  private readonly stopped = new Signal()
  private recording?: Recording
  private trying?: Promise<void>
  private failure?: unknown

  /** Throws `OPTION_INVALID`. */
  public constructor(
    private readonly recorder: EventRecorder,
    topology: Topology,
    private readonly service: Pick<Service, 'appName' | 'environment' | 'log'>
  ) {
    const { appName, environment, log: logger } = service
    const streamers = Object.fromEntries(topology.streamers)
    const addresses = [...new Set([...topology.published.values()].flat().concat([...topology.received.keys()]))].sort()
    this.recorded = { appName, environment, logger, streamers, addresses }
    this.addresses = recorder.addressesOf(this.recorded)
  }

  /** Rejects where nothing can ever be recorded. Where the store is only away at present, it is tried again. */
  public async start(): Promise<void> {
    try {
      await this.begin()
    } catch (thrown) {
      if (!isStreamerError(thrown) || !thrown.retryable) throw thrown
      this.failure = thrown
      this.service.log.error(`The lake cannot be opened. Nothing is recorded until it can; it is tried again.`, thrown)
      this.trying = this.tryAgain()
    }
  }

  /** How each address is recorded. Never rejects. */
  public async health(): Promise<readonly RecordingHealth[]> {
    if (this.recording) return this.recording.health()
    const lastError = this.failure === undefined ? undefined : errorCode(this.failure, 'FAILED')
    const problem = isStreamerError(this.failure) && !this.failure.retryable ? 'ended' : 'starting'
    const about = { healthy: false, problem, ...(lastError && { lastError }) } as const
    return this.addresses.map((address) => ({ address, ...about, recorded: 0, unrecorded: 0, perSecond: 0 }))
  }

  /** Stores what was read. Never rejects: what could not be stored comes again from the broker. */
  public async stop(): Promise<void> {
    this.stopping.abort()
    this.stopped.give()
    await this.trying
    await this.recording?.stop().catch((error: unknown) => {
      this.service.log.error('What was read last could not be put into the lake. The broker delivers it again.', error)
    })
  }

  private async begin(): Promise<void> {
    const { log } = this.service
    this.recording = await this.recorder.recordService(this.recorded)
    this.failure = undefined
    void this.recording.failed.then((reason) =>
      log.error('Nothing more is recorded until the service starts again.', reason)
    )
    log.info(`Events of ${this.addresses.join(', ')} are recorded into ${this.recorder.place}.`)
  }

  private async tryAgain(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.stopped.next(TRY_EVERY_MS)
      if (this.stopping.signal.aborted) return
      try {
        return await this.begin()
      } catch (thrown) {
        const isFinal = !isStreamerError(thrown) || !thrown.retryable
        if (isFinal) this.service.log.error('The lake cannot be opened. Nothing is recorded.', thrown)
        this.failure = thrown
        if (isFinal) return
      }
    }
  }
}

/** Throws `OPTION_INVALID` where a service has a recorder and no process that could run it. */
export function assertRecordable({ lake }: Pick<StreamingOptions, 'lake'>): void {
  if (lake === undefined) return
  throw new StreamerError('OPTION_INVALID', 'A service that runs only while it is called cannot record its events.', {
    at: 'config.streaming.lake',
    hint: 'Remove the option, and run boost-streamers lake record as a process of its own.',
  })
}
