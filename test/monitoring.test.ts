import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse, stringify } from 'yaml'
import { eventually } from '../packages/streamers/test/support/eventually'
import { OneService, withServices } from '../packages/streamers/test/support/one-service'
import { inTempFolder } from '../packages/streamers/test/support/temp-folder'
import { orSkip } from './support/or-skip'
import { Prometheus, ensurePrometheus, promtool } from './support/prometheus'
import { ROOT } from './support/source-tree'
import { WarmCli } from './support/warm-cli'

interface Rule {
  readonly alert: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

const AT = 'address="main/posts"'
const HANDLER = `${AT}, handler="SendsNewsletter"`

interface Case {
  readonly series: string
  /** Its values, with which the alert fires at a time. */
  readonly fires: string
  readonly at: string
  /** Values with which it does not fire, at these times. */
  readonly right: string
  readonly quietAt?: readonly string[]
}

/** A counter that Prometheus has known for less than ten minutes has grown from nothing. */
const KNOWN = ['12m', '20m', '30m']

/**
 * What makes each alert fire, in the notation of promtool (https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/), a value a minute.
 */
const CASES: Readonly<Record<string, Case>> = {
  StreamersUnhealthy: { series: 'booster_streamers_healthy', fires: '0x20', at: '6m', right: '0x2 1x20' },
  StreamersEventsWaitForBroker: {
    series: `booster_streamers_pending_age{${AT}}`,
    fires: '0+60x20',
    at: '8m',
    right: '0 60 120 240 0 60 120 180 240 300 0',
  },
  StreamersLinkMakesNoProgress: {
    series: `booster_streamers_unsettled_age{${HANDLER}}`,
    fires: '0+60x20',
    at: '8m',
    right: '0 60 120 240 0 60 120 180 240 300 0',
  },
  StreamersHandlerDoesNotEnd: {
    series: `booster_streamers_running_age{${HANDLER}}`,
    fires: '0+60x20',
    at: '8m',
    right: '0 60 120 240 0 60 120 180 240 300 0',
  },
  StreamersEventEndsProcess: {
    series: `booster_streamers_unended_starts{${HANDLER}}`,
    fires: '0 1x20',
    at: '2m',
    right: '0x20',
  },
  StreamersDeadLetters: {
    series: `booster_streamers_dead_total{${HANDLER}}`,
    fires: '_x3 1x20',
    at: '5m',
    right: '3x40',
    quietAt: KNOWN,
  },
  StreamersHandlersRetry: {
    series: `booster_streamers_retried_total{${HANDLER}}`,
    fires: '0+30x30',
    at: '20m',
    right: '0+1x30',
  },
  StreamersEventsRefused: {
    series: `booster_streamers_refused_total{${AT}}`,
    fires: '2x12 3x20',
    at: '14m',
    right: '3x40',
    quietAt: KNOWN,
  },
}

describe('what boost-streamers monitoring writes', function () {
  this.timeout(180_000)
  let folder: string
  let rules: string
  let all: readonly Rule[]

  before(async function () {
    await orSkip(this, ensurePrometheus)
    folder = await mkdtemp(join(tmpdir(), 'streamers-monitoring-'))
    const { code, output } = await new WarmCli().run(ROOT, 'monitoring', '--out', folder)
    expect(code, output).to.equal(0)
    rules = join(folder, 'alerts.yaml')
    ;[{ rules: all }] = (parse(await readFile(rules, 'utf8')) as { groups: [{ rules: Rule[] }] }).groups
  })
  after(async () => {
    if (folder) await rm(folder, { recursive: true, force: true })
  })

  it('is what promtool takes', async () => {
    expect(await promtool('check', 'rules', rules)).to.contain(`${all.length} rules found`)
  })

  it('is what the configuration in examples/worker reads', async () => {
    await cp(join(ROOT, 'examples', 'worker', 'prometheus.yaml'), join(folder, 'prometheus.yaml'))
    expect(await promtool('check', 'config', join(folder, 'prometheus.yaml'))).to.contain('SUCCESS: 1 rule files found')
  })

  it('has alerts that fire when they should, and only then', async () => {
    expect(Object.keys(CASES).sort()).to.deep.equal(all.map(({ alert }) => alert).sort())
    const tests = all.flatMap(({ alert, labels, annotations }) => {
      const { series, fires, at, right, quietAt = ['2m', at, '15m'] } = CASES[alert]
      const own = Object.fromEntries(
        Array.from(series.matchAll(/(\w+)="([^"]*)"/g), ([, name, value]) => [name, value])
      )
      const filled = Object.fromEntries(
        Object.entries(annotations).map(([name, text]) => [
          name,
          text.replaceAll(/\{\{ \$labels\.(\w+) \}\}/g, (_, label: string) => own[label] ?? ''),
        ])
      )
      const test = (values: string, eval_time: string, exp_alerts: object[]): object => ({
        interval: '1m',
        input_series: [{ series, values }],
        alert_rule_test: [{ eval_time, alertname: alert, exp_alerts }],
      })
      const fired = [{ exp_labels: { ...labels, ...own }, exp_annotations: filled }]
      const never = quietAt.map((time) => test(right, time, []))
      return [test(fires, at, fired), ...never]
    })
    const file = join(folder, 'tests.yaml')
    await writeFile(file, stringify({ rule_files: [rules], evaluation_interval: '1m', tests }))
    expect(await promtool('test', 'rules', file)).to.contain('SUCCESS')
  })

  it('fires for a real service, and draws it', () =>
    inTempFolder(async (home) => {
      const handler = ({ n }: { n: number }): string[] => {
        if (n === 3) throw new Error('The pen is broken.')
        return []
      }
      const handling = { retry: { attempts: 2, firstDelayMs: 5, jitter: 0 } }
      const observe = { http: { port: 0 } }
      const service = new OneService({ folder: home, name: 'notes', publishes: true, handler, handling, observe })
      await withServices([service], async () => {
        await service.streaming.start()
        for (const n of [1, 2]) await service.note({ key: `k${n}`, n })
        const prometheus = await Prometheus.start(await service.url(), rules)
        try {
          await untilShown(prometheus, 'booster_streamers_handled_total == 2')
          expect(await prometheus.alerts()).to.deep.equal([])
          await service.note({ key: 'k3', n: 3 })
          await untilShown(prometheus, 'booster_streamers_dead_letters == 1')
          await eventually(
            async () => (await prometheus.alerts()).length === 1,
            () => prometheus.alerts(),
            60_000
          )
          const [{ labels, annotations, state }] = await prometheus.alerts()
          expect(labels).to.include({ alertname: 'StreamersDeadLetters', handler: 'Handler', address: 'log/notes' })
          expect(annotations.summary).to.equal('Handler at log/notes has given up on an event.')
          expect(state).to.equal('firing')
          await everyPanelIsDrawn(
            prometheus,
            JSON.parse(await readFile(join(folder, 'dashboard.json'), 'utf8')) as Dashboard
          )
        } finally {
          await prometheus.stop()
        }
      })
    }))
})

interface Dashboard {
  readonly panels: ReadonlyArray<{
    readonly title: string
    readonly targets?: ReadonlyArray<{ readonly expr: string }>
  }>
}

async function untilShown(prometheus: Prometheus, expr: string): Promise<void> {
  await eventually(
    async () => (await prometheus.query(expr)).length > 0,
    () => prometheus.query('{__name__=~"booster_.*"}'),
    60_000
  )
}

/** Every metric that the service serves has values in its panels; the others are empty, and none is refused. */
async function everyPanelIsDrawn(prometheus: Prometheus, { panels }: Dashboard): Promise<void> {
  const served = (await prometheus.query('{__name__=~"booster_.*"}')).map(({ metric }) => metric.__name__)
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  const isServed = (expr: string): boolean => served.includes(/booster_streamers_\w+/.exec(expr)?.[0] ?? '')
  expect(expressions.filter(isServed).length).to.be.at.least(15)
  const wrong = async (): Promise<string[]> => {
    const found = expressions.map(async (expr) => {
      const result = await prometheus.query(expr.replaceAll('$job', 'service').replaceAll('$__rate_interval', '1m'))
      return result.length > 0 === isServed(expr) ? [] : [expr]
    })
    return (await Promise.all(found)).flat()
  }
  // A rate has a value after the second reading.
  await eventually(async () => (await wrong()).length === 0, wrong, 60_000)
}
