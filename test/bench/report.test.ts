import { expect } from 'chai'
import { summarise } from '../../bench/measure/statistics'
import { parseBenchOptions } from '../../bench/options'
import { chart } from '../../bench/report/chart'
import { othersAhead, page } from '../../bench/report/page'
import type { Report, Row, Table } from '../../bench/report/report'
import { reportText } from '../../bench/report/text'

const row = (system: string, ours: boolean, runs: readonly number[], own: Partial<Row> = {}): Row => ({
  system,
  ours,
  figures: { rate: summarise(runs), wait: summarise(runs.map((figure) => figure / 1000)) },
  ...own,
})

const table = (rows: readonly Row[]): Table => ({
  id: 'way',
  title: 'The way <of> events',
  about: 'As it was done.',
  columns: [
    { key: 'rate', title: 'events/s', better: 'more' },
    { key: 'wait', title: 'p50, ms', better: 'less', digits: 1 },
  ],
  rows,
})

const report = (rows: readonly Row[]): Report => ({
  suite: 'broker',
  title: 'A broker',
  at: '2026-01-02T03:04:05Z',
  quick: false,
  rounds: 3,
  machine: '2 × processor',
  versions: { Node: '20.0.0' },
  settings: ['Batches of 500.'],
  tables: [table(rows)],
})

describe('the report of the bench', () => {
  const peer = row('peer', false, [2_000, 1_000, 3_000])
  const ours = row('ours', true, [4_000, 4_100, 3_900])
  const faulty = row('faulty', false, [9_000], { void: '3 lost', remark: 'not through' })

  it('shows the median with the lowest and the highest round', () => {
    const lines = reportText(report([peer, ours])).split('\n')
    expect(lines.find((line) => line.startsWith('peer'))).to.match(/2,000 \(1,000 – 3,000\) +2\.0 \(1\.0 – 3\.0\)$/)
  })

  it('shows no figure of a system that lost events, and says why', () => {
    const text = reportText(report([peer, faulty]))
    expect(text).to.match(/^faulty +void +void$/m)
    expect(text).to.include('faulty: void: 3 lost').and.include('faulty: not through')
    expect(chart(table([peer, faulty]))).not.to.include('faulty')
  })

  it('says first where another system is ahead', () => {
    expect(othersAhead(table([peer, ours, faulty]))).to.deep.equal([
      'The way <of> events, p50, ms: peer 2.0, ours 4.0.',
    ])
    const text = page([report([peer, ours])], 'What was tried.')
    expect(text.indexOf('peer 2.0')).to.be.lessThan(text.indexOf('## A broker'))
    expect(text).to.match(/What was tried\.\n$/)
    expect(page([report([ours])], '')).to.include('Nowhere in the figures below.')
  })

  it('draws bars in proportion, and no markup from titles', () => {
    const drawn = chart(table([peer, ours]))
    expect(drawn).to.include('&#60;of&#62;')
    const widths = [...drawn.matchAll(/<rect x="\d+" y="\d+" width="([\d.]+)"/g)].map(([, width]) => Number(width))
    expect(widths[1] / widths[0]).to.be.closeTo(2, 0.01)
  })
})

describe('the options of the bench', () => {
  it('takes all unless told', () => {
    expect(parseBenchOptions([])).to.include({ quick: false, json: 'reports/bench.json', rounds: undefined })
    expect(parseBenchOptions([]).suites).to.include.members(['nats', 'core', 'store', 'sweep', 'start'])
    expect(parseBenchOptions(['--only', 'kafka', '--measure', 'poll,publish', '--rounds', '7'])).to.deep.include({
      suites: ['kafka'],
      measures: ['publish', 'poll'],
      rounds: 7,
    })
  })

  for (const args of [
    ['--only', 'carrots'],
    ['--measure', 'love'],
    ['--rounds', '0'],
    ['--fast'],
    ['--write', '--measure', 'poll'],
  ]) {
    it(`refuses ${args.join(' ')}`, () => {
      expect(() => parseBenchOptions(args)).to.throw()
    })
  }
})
