import { expect } from 'chai'
import { summarise } from '../../bench/measure/statistics'
import { goalsOf } from '../../bench/report/goals'
import type { Goal } from '../../bench/report/goals'
import { page } from '../../bench/report/page'
import type { Report, Row, Table } from '../../bench/report/report'

type Figures = Readonly<Record<string, readonly number[]>>

const row = (system: string, figures: Figures, own: Partial<Row> = {}): Row => ({
  system,
  ours: system.startsWith('our'),
  figures: Object.fromEntries(Object.entries(figures).map(([key, runs]) => [key, summarise(runs)])),
  ...own,
})
const client = (system: string, figures: Figures): Row => row(system, figures, { isClient: true })
const rate = (...perSecond: number[]): Figures => ({ perSecond })

const table = (id: string, rows: readonly Row[], keys: readonly string[] = []): Table => ({
  id,
  title: 'What is done',
  about: 'As it was done.',
  columns: keys.map((key) => ({ key, title: key, better: 'more' })),
  rows,
})

const report = (suite: string, ...tables: Table[]): Report => ({
  suite,
  title: 'Somewhere',
  at: '2026-01-02T03:04:05Z',
  quick: false,
  rounds: 3,
  machine: '2 × processor',
  versions: {},
  settings: [],
  tables,
})

const goals = (suite: string, ...tables: Table[]): Goal[] => goalsOf([report(suite, ...tables)])
const verdicts = (suite: string, ...tables: Table[]): string[] =>
  goals(suite, ...tables).map(({ what, goal, verdict }) => `${what.replace(/^.*: /, '')}, ${goal}: ${verdict}`)

describe('the goals of the bench', () => {
  it('say of a backlog whether it is published fast enough, in little memory, and without commands noticing', () => {
    const drained = (perSecond: number, peakMb: number, ratio: number): string[] =>
      goals(
        'drain',
        table('backlog', [row('our store', { perSecond: [perSecond], peakMb: [peakMb], ratio: [ratio] })])
      ).map(({ verdict }) => verdict)
    expect(drained(8_000, 300, 2)).to.deep.equal(['met', 'met', 'met'])
    expect(drained(7_999, 301, 2.01)).to.deep.equal(['missed', 'missed', 'missed'])
    expect(goals('drain', table('backlog', [row('peer', { perSecond: [1] })]))).to.deep.equal([])
  })

  it('compare a connector with the bare client, round by round', () => {
    const polled = (...ours: number[]): Goal[] =>
      goals('nats', table('poll', [client('bare', rate(100, 10, 200)), client('ours', rate(...ours))]))
    expect(polled(95, 9, 500)).to.deep.equal([
      {
        what: 'Somewhere, what is done: ours',
        goal: 'at least 0.9 of bare',
        measured: '0.95 (0.90 – 2.50)',
        verdict: 'met',
      },
    ])
    expect(polled(89, 8, 500)[0].verdict).to.equal('missed')
  })

  it('compare the whole way with the bare client and with the fastest peer that lost nothing', () => {
    const rows = [
      client('bare', rate(100)),
      client('our connector', rate(90)),
      row('our service', rate(70)),
      row('peer', rate(60)),
      row('NestJS, emit', rate(14)),
      row('moleculer channels', rate(15)),
      row('faulty', rate(900), { void: '3 lost' }),
    ]
    const expected = [
      'our service, at least 0.6 of bare: met',
      'our service, more than any peer, of which peer is the fastest: met',
    ]
    expect(verdicts('rabbitmq', table('whole-way', rows))).to.deep.equal(expected)
    expect(verdicts('kafka', table('whole-way', rows))).to.deep.equal([
      ...expected,
      'our service, at least 5 times NestJS, emit: met',
      'our service, at least 5 times moleculer channels: missed',
    ])
  })

  it('take the difference of times', () => {
    const rows = [client('bare', { p50: [1], p99: [3] }), row('our service', { p50: [3], p99: [8.1] })]
    expect(verdicts('kafka', table('latency', rows))).to.deep.equal([
      'our service, p50 at most 2 ms behind bare: met',
      'our service, p99 at most 5 ms behind bare: missed',
    ])
  })

  it('are missed where something was lost, or not all was handled in time', () => {
    const failing = (own: Partial<Row>): Goal =>
      goals('kafka', table('failing', [client('bare', rate(1)), row('our service', { ratio: [0.7] }, own)]))[0]
    expect(failing({})).to.include({ measured: '0.70 (0.70 – 0.70)', verdict: 'met' })
    expect(failing({ void: '1 lost' })).to.include({ measured: 'void: 1 lost', verdict: 'missed' })
    expect(failing({ remark: 'not through' }).verdict).to.equal('missed')
    expect(failing({ figures: {} })).to.include({ measured: 'not measured', verdict: 'open' })
  })

  it('ask of the store that it is fast with the same callers, and stays so', () => {
    const whole = table('whole-way', [
      row('stock, 32 callers', { through: [100] }),
      row('our store, 32 callers', { through: [3_999], ratio: [40] }),
      row('our store, 256 callers', { through: [9_000], ratio: [90] }),
    ])
    const growth = table('growth', [row('our store', { a: [150], b: [100], c: [120] })], ['a', 'b', 'c'])
    expect(verdicts('store', whole, growth)).to.deep.equal([
      'our store, 32 callers, at least 40 times the local provider: met',
      'our store, 32 callers, at least 4,000 events/s: missed',
      'our store, the fastest at most 1.5 times the slowest, however much is stored: met',
    ])
  })

  it('stand on the page behind what others do better, and before the figures', () => {
    const polled = table('poll', [client('bare', rate(100)), client('ours', rate(80))])
    const text = page([report('nats', polled)], '')
    const places = ['## Where others are ahead', '## Goals\n\n0 of 1 are met', '## Somewhere'].map((part) =>
      text.indexOf(part)
    )
    expect(places).to.not.include(-1)
    expect(places).to.deep.equal([...places].sort((one, other) => one - other))
    expect(text).to.include('| at least 0.9 of bare | 0.80 (0.80 – 0.80) | missed |')
  })
})
