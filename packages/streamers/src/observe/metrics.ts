import type { Attributes, Counter, Histogram, Meter, ObservableGauge } from '@opentelemetry/api'
import { evenNow } from '../timing'
import type { StreamingHealth } from './health/health'
import type { RecordingHealth } from '@boostercloud/streamer-connector'
import type { LinkHealth } from './health/link-health'

/** Under which name spans and metrics are known. */
export const SCOPE = '@boostercloud/streamers'

/** Attributes of a metric, by which its values are told apart. */
const ADDRESS = ['address'] as const
const LINK = ['address', 'handler'] as const

const COUNTERS = {
  published: ['Events that a broker has confirmed', ADDRESS],
  refused: ['Events that their streamer will never accept', ADDRESS],
  received: ['Events that polls have received', ADDRESS],
  handled: ['Events that a handler has handled', LINK],
  retried: ['Failed attempts that are followed by another one', LINK],
  dead: ['Events that became dead letters', LINK],
  ignored: ['Events of a type that no handler takes', ADDRESS],
} as const

const GAUGES = {
  healthy: ['1 if nothing is wrong, else 0', '', []],
  pending: ['Events that wait for their broker', '{event}', ADDRESS],
  'pending.age': ['Age of the oldest event that waits for its broker', 's', ADDRESS],
  unsettled: ['Events that were received and are not settled', '{event}', LINK],
  'unsettled.age': ['Age of the oldest event that is not settled', 's', LINK],
  parked: ['Events that are set aside for a later attempt', '{event}', LINK],
  dead_letters: ['Dead letters that are kept', '{event}', LINK],
  left_behind: ['Events that the state keeps for a handler or address that the service does not have', '{event}', LINK],
  running: ['Runs of a handler that are in progress', '{run}', LINK],
  'running.age': ['Age of the oldest run that is in progress', 's', LINK],
  late_runs: ['Runs that continue beyond their time limit', '{run}', LINK],
  suspects: ['Events whose handler ran alone when its process ended', '{event}', LINK],
  unended_starts: ['The most runs alone of one event that did not end', '{run}', LINK],
  lag: ['Events that a streamer says it still has for this service', '{event}', ['streamer']],
  'recorder.healthy': ['1 if nothing is wrong with the recording of an address, else 0', '', ADDRESS],
  'recorder.recorded': ['Events that this process has put into the lake', '{event}', ADDRESS],
  'recorder.unrecorded': ['Events that were read and are not in the lake yet', '{event}', ADDRESS],
  'recorder.lag': ['Events that the broker has and the recorder has not read', '{event}', ADDRESS],
  'recorder.rate': ['Events a second of the last segment, of all addresses', '{event}/s', ADDRESS],
  'recorder.segment.age': ['Time since the last segment was put into the lake', 's', ADDRESS],
  'recorder.gaps': ['Times that the broker deleted events before they were recorded', '{gap}', ADDRESS],
} as const

const DURATION = { name: 'handler.duration', description: 'Run of a handler', unit: 's' } as const

/** What is counted. */
export type CounterName = keyof typeof COUNTERS
type GaugeName = keyof typeof GAUGES

/**
 * The name of a metric, without its prefix.
 * @experimental
 */
export type MetricName =
  | 'published'
  | 'refused'
  | 'received'
  | 'handled'
  | 'retried'
  | 'dead'
  | 'ignored'
  | 'healthy'
  | 'pending'
  | 'pending.age'
  | 'unsettled'
  | 'unsettled.age'
  | 'parked'
  | 'dead_letters'
  | 'left_behind'
  | 'running'
  | 'running.age'
  | 'late_runs'
  | 'suspects'
  | 'unended_starts'
  | 'lag'
  | 'recorder.healthy'
  | 'recorder.recorded'
  | 'recorder.unrecorded'
  | 'recorder.lag'
  | 'recorder.rate'
  | 'recorder.segment.age'
  | 'recorder.gaps'
  | 'handler.duration'

/**
 * A metric that a service shows.
 * @experimental
 */
export interface MetricDefinition {
  readonly name: MetricName
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly description: string
  /** Of UCUM: `s`, or `{event}`; empty where it is a yes or no. */
  readonly unit: string
  readonly attributes: readonly string[]
}

/**
 * Every metric that a service shows.
 * @experimental
 */
export const METRICS: readonly MetricDefinition[] = [
  ...Object.entries(COUNTERS).map(([name, [description, attributes]]): MetricDefinition => ({
    name: name as CounterName,
    kind: 'counter',
    description,
    unit: '{event}',
    attributes,
  })),
  ...Object.entries(GAUGES).map(([name, [description, unit, attributes]]): MetricDefinition => ({
    name: name as GaugeName,
    kind: 'gauge',
    description,
    unit,
    attributes,
  })),
  { ...DURATION, kind: 'histogram', attributes: LINK },
]

/**
 * What Prometheus calls a metric; a histogram by its base name.
 * @experimental
 */
export function prometheusName(name: MetricName): string {
  const base = metricName(name).replaceAll('.', '_')
  return name in COUNTERS ? `${base}_total` : base
}

/** The metrics of a service, in every meter that is given. Attributes are addresses, handlers and streamers that the code names. */
export class Metrics {
  private readonly counters = new Map<CounterName, Counter[]>()
  private readonly durations: Histogram[]

  public constructor(private readonly meters: readonly Meter[]) {
    for (const [name, [description]] of Object.entries(COUNTERS)) {
      const options = { description, unit: '{event}' }
      this.counters.set(
        name as CounterName,
        meters.map((meter) => meter.createCounter(metricName(name), options))
      )
    }
    const { name, description, unit } = DURATION
    this.durations = meters.map((meter) => meter.createHistogram(metricName(name), { description, unit }))
  }

  public count(name: CounterName, attributes: Attributes, by = 1): void {
    for (const counter of this.counters.get(name) ?? []) counter.add(by, attributes)
  }

  public handlerRan(seconds: number, attributes: Attributes): void {
    for (const duration of this.durations) duration.record(seconds, attributes)
  }

  /** Has the gauges show the health of the moment in which they are read. Answers how to stop. */
  public show(health: () => Promise<StreamingHealth>): () => void {
    const stops = this.meters.map((meter) => {
      const gauges = new Map<GaugeName, ObservableGauge>()
      for (const [name, [description, unit]] of Object.entries(GAUGES)) {
        gauges.set(name as GaugeName, meter.createObservableGauge(metricName(name), { description, unit }))
      }
      const all = [...gauges.values()]
      const callback: Parameters<Meter['addBatchObservableCallback']>[0] = async (result) => {
        observe(await health(), (name, value, attributes) => {
          const gauge = gauges.get(name)
          if (gauge && value !== undefined) result.observe(gauge, value, attributes)
        })
      }
      meter.addBatchObservableCallback(callback, all)
      return () => meter.removeBatchObservableCallback(callback, all)
    })
    return () => stops.forEach((stop) => stop())
  }
}

type Observe = (name: GaugeName, value: number | undefined, attributes?: Attributes) => void

function observe({ healthy, relays, links, streamers, recordings, leftBehind }: StreamingHealth, say: Observe): void {
  say('healthy', healthy ? 1 : 0)
  for (const { address, pending, oldestPendingMs } of relays) {
    say('pending', pending, { address })
    say('pending.age', (oldestPendingMs ?? 0) / 1_000, { address })
  }
  for (const link of links) observeLink(link, say)
  for (const recording of recordings) observeRecording(recording, say)
  for (const { address, handler = '', pending, parked, deadLetters } of leftBehind) {
    say('left_behind', pending + parked + deadLetters, { address, handler })
  }
  for (const { streamerId, details } of streamers) {
    if (typeof details.lag === 'number') say('lag', details.lag, { streamer: streamerId })
  }
}

function observeRecording(recording: RecordingHealth, say: Observe): void {
  const { address, healthy, recorded, unrecorded, lag, perSecond, lastSegment, gaps = [] } = recording
  const attributes = { address }
  say('recorder.healthy', healthy ? 1 : 0, attributes)
  say('recorder.recorded', recorded, attributes)
  say('recorder.unrecorded', unrecorded, attributes)
  say('recorder.lag', lag, attributes)
  say('recorder.rate', perSecond, attributes)
  say(
    'recorder.segment.age',
    lastSegment && Math.max(0, evenNow() - lastSegment.recordedAt.getTime()) / 1_000,
    attributes
  )
  say('recorder.gaps', gaps.length, attributes)
}

function observeLink({ address, handler, ...link }: LinkHealth, say: Observe): void {
  const attributes = { address, handler }
  say('unsettled', link.unsettled, attributes)
  say('unsettled.age', (link.oldestUnsettledMs ?? 0) / 1_000, attributes)
  say('running', link.running, attributes)
  say('running.age', (link.longestRunMs ?? 0) / 1_000, attributes)
  say('late_runs', link.lateRuns, attributes)
  say('suspects', link.suspects, attributes)
  say('unended_starts', link.unendedStarts, attributes)
  say('parked', link.parked, attributes)
  say('dead_letters', link.deadLetters, attributes)
}

function metricName(name: string): string {
  return `booster.streamers.${name}`
}
