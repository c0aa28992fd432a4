import type { Attributes, Counter, Histogram, Meter, ObservableGauge } from '@opentelemetry/api'
import type { StreamingHealth } from './health'
import type { LinkHealth } from './link-health'

/** Under which name spans and metrics are known. */
export const SCOPE = '@boostercloud/streamers'

const COUNTERS = {
  published: 'Events that a broker has confirmed',
  refused: 'Events that their streamer will never take',
  received: 'Events that polls have brought',
  handled: 'Events that a handler has handled',
  retried: 'Failed tries that are followed by another one',
  dead: 'Events that became dead letters',
  ignored: 'Events of a type that no handler names',
} as const

const GAUGES = {
  healthy: ['1 if nothing is wrong, else 0', ''],
  pending: ['Events that wait for their broker', '{event}'],
  'pending.age': ['Age of the oldest event that waits for its broker', 's'],
  unsettled: ['Events that were received and are not settled', '{event}'],
  'unsettled.age': ['Age of the oldest event that is not settled', 's'],
  parked: ['Events that are set aside for a later try', '{event}'],
  dead_letters: ['Dead letters that are kept', '{event}'],
  left_behind: ['Events that the state keeps for a handler or address that the service does not have', '{event}'],
  running: ['Runs of a handler that are under way', '{run}'],
  'running.age': ['Age of the oldest run that is under way', 's'],
  late_runs: ['Runs that go on beyond their time limit', '{run}'],
  suspects: ['Events with which a process has ended while they ran alone', '{event}'],
  unended_starts: ['Runs alone of one event that have not ended, at most', '{run}'],
  lag: ['Events that a streamer says it still has for this service', '{event}'],
} as const

/** What is counted. */
export type CounterName = keyof typeof COUNTERS
type GaugeName = keyof typeof GAUGES

/** The metrics of a service, in every meter that is given. Attributes are addresses, handlers and streamers that the code names. */
export class Metrics {
  private readonly counters = new Map<CounterName, Counter[]>()
  private readonly durations: Histogram[]

  public constructor(private readonly meters: readonly Meter[]) {
    for (const [name, description] of Object.entries(COUNTERS)) {
      const options = { description, unit: '{event}' }
      this.counters.set(
        name as CounterName,
        meters.map((meter) => meter.createCounter(metricName(name), options))
      )
    }
    this.durations = meters.map((meter) =>
      meter.createHistogram(metricName('handler.duration'), { description: 'Run of a handler', unit: 's' })
    )
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

function observe({ healthy, relays, links, streamers, leftBehind }: StreamingHealth, say: Observe): void {
  say('healthy', healthy ? 1 : 0)
  for (const { address, pending, oldestPendingMs } of relays) {
    say('pending', pending, { address })
    say('pending.age', (oldestPendingMs ?? 0) / 1_000, { address })
  }
  for (const link of links) observeLink(link, say)
  for (const { address, handler = '', pending, parked, deadLetters } of leftBehind) {
    say('left_behind', pending + parked + deadLetters, { address, handler })
  }
  for (const { streamerId, details } of streamers) {
    if (typeof details.lag === 'number') say('lag', details.lag, { streamer: streamerId })
  }
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
