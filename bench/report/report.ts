import type { Summary } from '../measure/statistics'

/** What is measured of each system. */
export interface Column {
  readonly key: string
  readonly title: string
  /** Whether more of it is better, or less. */
  readonly better: 'more' | 'less'
  /** Digits behind the point. Default 0. */
  readonly digits?: number
}

/** One system. */
export interface Row {
  readonly system: string
  /** Whether it is ours. */
  readonly ours: boolean
  /** Whether it is a client by itself: no inbox, and nothing that tries again. */
  readonly isClient?: boolean
  readonly figures: Readonly<Record<string, Summary | undefined>>
  /** Why its figures say nothing: what was lost, doubled or reordered. */
  readonly void?: string
  /** What else is to be known of them. */
  readonly remark?: string
}

/** One measurement of several systems; what it is compared with comes first. */
export interface Table {
  /** Short, for the name of its chart. */
  readonly id: string
  readonly title: string
  /** What was done, in a sentence or two. */
  readonly about: string
  readonly columns: readonly Column[]
  /** The key of the column that is drawn. Default: the first. */
  readonly drawn?: string
  readonly rows: readonly Row[]
}

/** What was measured in one run, and on what. */
export interface Report {
  readonly suite: string
  readonly title: string
  /** When, RFC 3339. */
  readonly at: string
  readonly quick: boolean
  readonly rounds: number
  readonly machine: string
  readonly versions: Readonly<Record<string, string>>
  /** Everything else that matters for the figures. */
  readonly settings: readonly string[]
  readonly tables: readonly Table[]
}

/** A figure with its unit left to the column. */
export function formatFigure(figure: number, digits = 0): string {
  return figure.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** `median (min – max)`, or why there is nothing. */
export function formatCell({ figures, void: reason }: Row, { key, digits }: Column): string {
  if (reason !== undefined) return 'void'
  const summary = figures[key]
  return summary ? formatSummary(summary, digits) : '–'
}

/** `median (min – max)`. */
export function formatSummary({ median, min, max }: Summary, digits?: number): string {
  const [middle, least, most] = [median, min, max].map((figure) => formatFigure(figure, digits))
  return `${middle} (${least} – ${most})`
}
