import { ratios, summarise } from '../measure/statistics'
import type { Summary } from '../measure/statistics'
import { formatFigure, formatSummary } from './report'
import type { Report, Row, Table } from './report'

/** Something that was to be reached, in words. */
export interface Goal {
  /** What is measured, and of whom. */
  readonly what: string
  readonly goal: string
  /** `median (min – max)`, or why there is no figure. */
  readonly measured: string
  readonly verdict: 'met' | 'missed' | 'open'
}

/** A bound, and what was measured against it. */
interface Bound {
  readonly goal: string
  readonly measured?: Summary
  readonly isMet: (median: number) => boolean
  readonly digits?: number
}

const ALONE = 0.9
const WHOLE_WAY = 0.6
/** On Kafka, of those who hand over each event by itself. */
const TIMES = { factor: 5, systems: ['NestJS, emit', 'moleculer channels'] } as const
const FAILING = 0.5
const LATER_MS = { p50: 2, p99: 5 } as const
const DRAIN = { perSecond: 8_000, peakMb: 300, ratio: 2 } as const
const STORE = { times: 40, perSecond: 4_000, growth: 1.5 } as const

/** How far the goals of the project are reached, as far as these reports have measured it. */
export function goalsOf(reports: readonly Report[]): Goal[] {
  return reports.flatMap(({ suite, title, tables }) =>
    tables.flatMap((table) => {
      const goals = goalsOfSuite(suite, table)
      return goals.map((goal) => ({ ...goal, what: `${title}, ${goal.what}` }))
    })
  )
}

function goalsOfSuite(suite: string, table: Table): Goal[] {
  if (suite === 'store') return storeGoals(table)
  return suite === 'drain'
    ? table.rows.filter(({ ours }) => ours).flatMap((row) => drainGoals(table, row))
    : brokerGoals(table, suite)
}

function drainGoals(table: Table, row: Row): Goal[] {
  const { perSecond, peakMb, ratio } = row.figures
  return [
    goalOf(table, row, {
      goal: `at least ${formatFigure(DRAIN.perSecond)} events/s`,
      measured: perSecond,
      isMet: (rate) => rate >= DRAIN.perSecond,
      digits: 0,
    }),
    goalOf(table, row, {
      goal: `at most ${DRAIN.peakMb} MB`,
      measured: peakMb,
      isMet: (peak) => peak <= DRAIN.peakMb,
      digits: 0,
    }),
    goalOf(table, row, {
      goal: `commands at most ${DRAIN.ratio} times as slow as at rest`,
      measured: ratio,
      isMet: (times) => times <= DRAIN.ratio,
    }),
  ]
}

function brokerGoals(table: Table, suite: string): Goal[] {
  const { id, rows } = table
  const bare = rows.find(({ isClient, ours }) => isClient && !ours)
  const clients = rows.filter(({ isClient, ours }) => isClient && ours)
  const ours = rows.filter((row) => row.ours && !row.isClient)
  if (!bare) return id === 'failing' ? ours.map((row) => failing(table, row)) : []
  if (id === 'poll' || id.startsWith('publish-')) return clients.map((row) => atLeast(ALONE, table, row, bare))
  if (id === 'latency') return ours.flatMap((row) => later(table, row, bare))
  if (id === 'failing') return ours.map((row) => failing(table, row))
  if (id !== 'whole-way') return []
  return [...ours.map((row) => atLeast(WHOLE_WAY, table, row, bare)), ...abovePeers(table, ours, suite)]
}

/** The fastest of ours beside the fastest peer, and on Kafka beside those that are slow. */
function abovePeers(table: Table, ours: readonly Row[], suite: string): Goal[] {
  const peers = table.rows.filter((row) => !row.ours && !row.isClient)
  const [best, peer] = [fastest(ours), fastest(peers)]
  if (!best || !peer) return []
  const slow = suite === 'kafka' ? peers.filter(({ system }) => TIMES.systems.some((name) => name === system)) : []
  return [
    goalOf(table, best, {
      goal: `more than any peer, of which ${peer.system} is the fastest`,
      measured: partOf(best, peer),
      isMet: (part) => part > 1,
    }),
    ...slow.map((one) =>
      goalOf(table, best, {
        goal: `at least ${TIMES.factor} times ${one.system}`,
        measured: partOf(best, one),
        isMet: (part) => part >= TIMES.factor,
      })
    ),
  ]
}

function atLeast(part: number, table: Table, row: Row, other: Row): Goal {
  return goalOf(table, row, {
    goal: `at least ${part} of ${other.system}`,
    measured: partOf(row, other),
    isMet: (median) => median >= part,
  })
}

function later(table: Table, row: Row, bare: Row): Goal[] {
  return (['p50', 'p99'] as const).map((key) =>
    goalOf(table, row, {
      goal: `${key} at most ${LATER_MS[key]} ms behind ${bare.system}`,
      measured: summarise(runsOf(row, key).map((wait, round) => wait - runsOf(bare, key)[round])),
      isMet: (median) => median <= LATER_MS[key],
      digits: 1,
    })
  )
}

function failing(table: Table, row: Row): Goal {
  return goalOf(table, row, {
    goal: `at least ${FAILING} of what it does without failures; all handled, none lost, doubled or out of order`,
    measured: row.figures.ratio,
    isMet: (part) => part >= FAILING,
  })
}

function storeGoals(table: Table): Goal[] {
  const { id, rows } = table
  const ours = rows.filter((row) => row.ours)
  if (id === 'growth') return ours.map((row) => growth(table, row))
  const stock = rows.find((row) => !row.ours)
  if (id !== 'whole-way' || !stock) return []
  const callers = stock.system.replace(/^.*, /, ', ')
  return ours.filter(({ system }) => system.endsWith(callers)).flatMap((row) => wholeWayOfStore(table, row))
}

function wholeWayOfStore(table: Table, row: Row): Goal[] {
  const { ratio, through } = row.figures
  return [
    goalOf(table, row, {
      goal: `at least ${STORE.times} times the local provider`,
      measured: ratio,
      isMet: (times) => times >= STORE.times,
      digits: 1,
    }),
    goalOf(table, row, {
      goal: `at least ${formatFigure(STORE.perSecond)} events/s`,
      measured: through,
      isMet: (rate) => rate >= STORE.perSecond,
      digits: 0,
    }),
  ]
}

function growth(table: Table, row: Row): Goal {
  const medians = table.columns.flatMap(({ key }) => row.figures[key]?.median ?? [])
  return goalOf(table, row, {
    goal: `the fastest at most ${STORE.growth} times the slowest, however much is stored`,
    measured: medians.length > 1 ? summarise([Math.max(...medians) / Math.min(...medians)]) : undefined,
    isMet: (times) => times <= STORE.growth,
  })
}

/** Where not all was handled in time, the figure is that of the part that was. */
function goalOf(
  { title }: Table,
  { system, void: reason, remark }: Row,
  { goal, measured, isMet, digits = 2 }: Bound
): Goal {
  const what = `${title[0].toLowerCase()}${title.slice(1)}: ${system}`
  if (reason !== undefined) return { what, goal, measured: `void: ${reason}`, verdict: 'missed' }
  if (!measured) return { what, goal, measured: 'not measured', verdict: 'open' }
  const verdict = isMet(measured.median) && remark === undefined ? 'met' : 'missed'
  return { what, goal, measured: formatSummary(measured, digits), verdict }
}

function partOf(row: Row, other: Row): Summary | undefined {
  if (other.void !== undefined) return undefined
  return summarise(ratios(runsOf(row, 'perSecond'), runsOf(other, 'perSecond')))
}

function runsOf({ figures }: Row, key: string): readonly number[] {
  return figures[key]?.runs ?? []
}

function fastest(rows: readonly Row[]): Row | undefined {
  const rate = (row: Row): number => row.figures.perSecond?.median ?? 0
  const standing = rows.filter((row) => row.void === undefined && rate(row) > 0)
  return standing.reduce<Row | undefined>((one, other) => (one && rate(one) >= rate(other) ? one : other), undefined)
}
