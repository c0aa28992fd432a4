import type { MetricDefinition, MetricName } from '@boostercloud/streamers/runtime'
import type { Naming } from './alerts'

/** Panels in a row of 24 columns. */
const WIDTH = 8
const HEIGHT = 8
const PER_ROW = 24 / WIDTH
/** The oldest Grafana whose dashboards have this form is 9. */
const SCHEMA_VERSION = 37

/** What a panel asks. */
interface Target {
  readonly expr: string
  readonly legendFormat: string
}

/** Which metrics are shown together, in this order; one that is in none is shown under Other. */
const ROWS: ReadonlyArray<readonly [title: string, names: readonly MetricName[]]> = [
  ['Health', ['healthy', 'lag', 'left_behind']],
  ['Publishing', ['published', 'pending', 'pending.age', 'refused']],
  ['Receiving', ['received', 'ignored', 'unsettled', 'unsettled.age']],
  [
    'Handlers',
    [
      'handled',
      'retried',
      'dead',
      'handler.duration',
      'running',
      'running.age',
      'late_runs',
      'suspects',
      'unended_starts',
    ],
  ],
  ['Kept', ['parked', 'dead_letters']],
  [
    'Lake',
    [
      'recorder.healthy',
      'recorder.lag',
      'recorder.unrecorded',
      'recorder.recorded',
      'recorder.rate',
      'recorder.segment.age',
      'recorder.gaps',
    ],
  ],
]

/** A dashboard of Grafana with a panel for each metric (https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/). */
export function dashboard(metrics: readonly MetricDefinition[], named: Naming): string {
  const known = new Map(metrics.map((metric) => [metric.name, metric]))
  const shown = new Set(ROWS.flatMap(([, names]) => names))
  const others = metrics.map(({ name }) => name).filter((name) => !shown.has(name))
  const rows = others.length > 0 ? [...ROWS, ['Other', others] as const] : ROWS
  const panels: object[] = []
  let y = 0
  for (const [title, names] of rows) {
    panels.push({ type: 'row', title, collapsed: false, panels: [], gridPos: { x: 0, y, w: 24, h: 1 } })
    y += 1
    names.forEach((name, index) => {
      const metric = known.get(name)
      const gridPos = { x: (index % PER_ROW) * WIDTH, y: y + Math.floor(index / PER_ROW) * HEIGHT, w: WIDTH, h: HEIGHT }
      if (metric) panels.push(panelOf(metric, named, gridPos))
    })
    y += Math.ceil(names.length / PER_ROW) * HEIGHT
  }
  const all = panels.map((panel, index) => ({ id: index + 1, ...panel }))
  return `${JSON.stringify({ ...FRAME, panels: all }, undefined, 2)}\n`
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' }

const FRAME = {
  title: 'Booster Streamers',
  uid: 'booster-streamers',
  tags: ['booster', 'events'],
  schemaVersion: SCHEMA_VERSION,
  editable: true,
  refresh: '30s',
  time: { from: 'now-3h', to: 'now' },
  templating: {
    list: [
      { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
      {
        name: 'job',
        label: 'Job',
        type: 'query',
        datasource: DATASOURCE,
        query: 'label_values(booster_streamers_healthy, job)',
        includeAll: true,
        multi: true,
        refresh: 2,
      },
    ],
  },
}

function panelOf(metric: MetricDefinition, named: Naming, gridPos: object): object {
  const targets = targetsOf(metric, named(metric.name)).map((target, index) => ({
    ...target,
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: DATASOURCE,
  }))
  return {
    type: 'timeseries',
    title: metric.description,
    datasource: DATASOURCE,
    fieldConfig: { defaults: { unit: unitOf(metric), min: 0 }, overrides: [] },
    gridPos,
    targets,
  }
}

function targetsOf({ kind, attributes }: MetricDefinition, name: string): Target[] {
  const by = attributes.length > 0 ? attributes : ['instance']
  const legendFormat = by.map((label) => `{{${label}}}`).join(' ')
  const chosen = '{job=~"$job"}'
  if (kind === 'counter')
    return [{ expr: `sum by (${by.join(', ')}) (rate(${name}${chosen}[$__rate_interval]))`, legendFormat }]
  if (kind === 'gauge') return [{ expr: `max by (${by.join(', ')}) (${name}${chosen})`, legendFormat }]
  return [0.5, 0.99].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (${by.join(', ')}, le) (rate(${name}_bucket${chosen}[$__rate_interval])))`,
    legendFormat: `p${quantile * 100} ${legendFormat}`,
  }))
}

/** In Grafana's words. */
function unitOf({ kind, unit }: MetricDefinition): string {
  if (kind === 'counter') return 'cps'
  return unit === 's' ? 's' : 'short'
}
