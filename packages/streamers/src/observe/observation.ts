import { metrics as globalMetrics, trace } from '@opentelemetry/api'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import type { RelayObserver } from '../publish'
import type { Effects, ReceiverObserver } from '../receive'
import { healthOf } from './health/health'
import type { HealthSources, StreamingHealth } from './health/health'
import { HttpEndpoint } from './http'
import { LastErrors } from './health/last-errors'
import { Metrics, SCOPE } from './metrics'
import { ObservedEffects } from './observed-effects'
import { allOf, countingReceiver, tracingRelay } from './observers'
import { checkObserveOptions } from './options'
import type { ObserveOptions } from './options'
import { prometheusMetrics } from './prometheus'
import type { PrometheusMetrics } from './prometheus'

const DEFAULT_STALL_MS = 120_000

/** Everything by which a service shows how it is, while it runs. */
export class Observation {
  public readonly relays: RelayObserver
  private readonly lastErrors = new LastErrors()
  private readonly metrics: Metrics
  private readonly tracer = trace.getTracer(SCOPE)
  private sources?: Omit<HealthSources, 'lastErrors' | 'stallMs'>
  private endpoint?: HttpEndpoint
  private stopGauges?: () => void

  private constructor(
    private readonly options: ObserveOptions,
    private readonly prometheus?: PrometheusMetrics
  ) {
    const meters = [globalMetrics.getMeter(SCOPE), ...(prometheus ? [prometheus.meters.getMeter(SCOPE)] : [])]
    this.metrics = new Metrics(meters)
    this.relays = tracingRelay(this.metrics, this.tracer)
  }

  /** Rejects with `OPTION_INVALID`, and with `PACKAGE_MISSING` where an option needs what is not installed. Nothing listens yet. */
  public static async of(options: ObserveOptions = {}): Promise<Observation> {
    checkObserveOptions(options)
    return new Observation(options, options.http && (await prometheusMetrics()))
  }

  /** What a receiver tells: this, and those that are given. */
  public receivers(...others: readonly Partial<ReceiverObserver>[]): ReceiverObserver {
    return allOf(...others, this.lastErrors, countingReceiver(this.metrics))
  }

  /** Handlers in their spans, measured. */
  public effects(effects: Effects): Effects {
    return new ObservedEffects(effects, this.tracer, this.metrics)
  }

  /** Shows what the sources say from now on. */
  public async start(sources: Omit<HealthSources, 'lastErrors' | 'stallMs'>, log: StreamerLogger): Promise<void> {
    this.sources = sources
    this.stopGauges = this.metrics.show(() => healthOf(this.all(sources)))
    const { http } = this.options
    if (!http || !this.prometheus) return
    const { prometheus } = this
    this.endpoint = await HttpEndpoint.listen(http, {
      health: () => healthOf(this.all(sources)),
      metrics: () => prometheus.text(),
    })
    log.info(`Health and metrics are at ${this.endpoint.url}/health and ${this.endpoint.url}/metrics.`)
  }

  /** Where it listens, if it does. */
  public get url(): string | undefined {
    return this.endpoint?.url
  }

  /** How streaming is; undefined before it is started and after it is stopped. Never rejects. */
  public async health(): Promise<StreamingHealth | undefined> {
    return this.sources && healthOf(this.all(this.sources))
  }

  /** Shows nothing any more. */
  public async stop(): Promise<void> {
    this.sources = undefined
    this.stopGauges?.()
    await this.endpoint?.close()
    await this.prometheus?.stop()
  }

  private all(sources: Omit<HealthSources, 'lastErrors' | 'stallMs'>): HealthSources {
    return { ...sources, lastErrors: this.lastErrors, stallMs: this.options.stallMs ?? DEFAULT_STALL_MS }
  }
}
