import { expect } from 'chai'
import type { StreamingHealth } from '../../src/observe'
import { METRICS, Metrics, prometheusName } from '../../src/observe/metrics'
import { prometheusMetrics } from '../../src/observe/prometheus'

const LINK = { address: 'main/posts', handler: 'Handler' }

/** One of everything, so that every metric has a value. */
const HEALTH = {
  healthy: true,
  state: { healthy: true },
  relays: [{ address: 'main/posts', healthy: true, pending: 1, oldestPendingMs: 1 }],
  links: [
    {
      ...LINK,
      healthy: true,
      unsettled: 1,
      running: 1,
      lateRuns: 0,
      suspects: 0,
      unendedStarts: 0,
      parked: 1,
      deadLetters: 1,
    },
  ],
  leftBehind: [{ ...LINK, pending: 0, parked: 1, deadLetters: 0 }],
  streamers: [{ streamerId: 'main', healthy: true, details: { lag: 3 } }],
  recordings: [
    {
      address: 'main/posts',
      healthy: true,
      recorded: 1,
      unrecorded: 0,
      lag: 0,
      perSecond: 1,
      lastSegment: { path: 'segments/1.parquet', events: 1, recordedAt: new Date(0) },
    },
  ],
  ignored: [],
} as unknown as StreamingHealth

/** What Prometheus reads of a service, by the library that serves /metrics. */
async function scrape(): Promise<string> {
  const { meters, text, stop } = await prometheusMetrics()
  const metrics = new Metrics([meters.getMeter('test')])
  const end = metrics.show(() => Promise.resolve(HEALTH))
  for (const { name, kind, attributes } of METRICS) {
    const values = Object.fromEntries(attributes.map((label) => [label, 'x']))
    if (kind === 'counter') metrics.count(name as Parameters<Metrics['count']>[0], values)
    if (kind === 'histogram') metrics.handlerRan(0.1, values)
  }
  const read = await text()
  end()
  await stop()
  return read
}

/** The labels of a metric in a scrape; none where it is not there. */
function labelsIn(text: string, metric: string): string[] | undefined {
  const found = new RegExp(`^${metric}(?:\\{(.*)\\})? `, 'm').exec(text)
  return found ? [...(found[1] ?? '').matchAll(/(\w+)="/g)].map(([, label]) => label) : undefined
}

describe('the definitions of metrics', () => {
  it('are what Prometheus reads: every name, with its attributes, and no other', async () => {
    const text = await scrape()
    for (const { name, kind, attributes } of METRICS) {
      const read = `${prometheusName(name)}${kind === 'histogram' ? '_bucket' : ''}`
      expect(labelsIn(text, read), read).to.include.members([...attributes])
    }
    const served = [...text.matchAll(/^# TYPE (booster_\S+) /gm)].map(([, name]) => name)
    expect(served.sort()).to.deep.equal(METRICS.map(({ name }) => prometheusName(name)).sort())
  })
})
