import { goalsOf } from './goals'
import { formatCell, formatFigure } from './report'
import type { Column, Report, Row, Table } from './report'

const HEAD = `# Benchmarks

This page is written by the bench itself: \`npm run bench -- --write\`. Every figure was measured, each in the same run as those beside
it, in turn with them. Compare figures within a table only: another machine, or the same one an hour later, has others. A cell is
the median of the rounds, with the lowest and the highest one. What was lost, doubled or handled out of order is counted, and
makes a figure void.

Blue is ours, grey is what people would use instead.`

/** The page of all reports. \`notes\`: what is to be said by a person. */
export function page(reports: readonly Report[], notes: string): string {
  const parts = [HEAD, ahead(reports), goals(reports), ...reports.map(section), AGAIN, notes.trim()]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

const AGAIN = `## Run it again

\`\`\`sh
npm run bench -- --help            # what there is
npm run bench -- --quick           # fewer rounds and events, some minutes a suite
npm run bench -- --only rabbitmq   # one broker
npm run bench -- --write           # all of it, and this page; with --only the rest of the page stays
\`\`\`

It needs Node, and servers: a container engine, or Java 17 and Maven for Kafka, a Debian package for RabbitMQ and Python for NATS, unless
\`STREAMERS_KAFKA_BROKERS\`, \`STREAMERS_RABBITMQ_URL\`, \`STREAMERS_NATS_URL\` and \`STREAMERS_POSTGRES_URL\` name them. Where no PostgreSQL can be
had, what needs it is left out, and its suite says so. What it compares with is installed into \`bench/\` for it alone.`

/** Where another system has the better figure, before anything else is said. */
function ahead(reports: readonly Report[]): string {
  const found = reports.flatMap(({ title, tables }) => tables.flatMap(othersAhead).map((line) => `- ${title}: ${line}`))
  return ['## Where others are ahead', found.length > 0 ? found.join('\n') : 'Nowhere in the figures below.'].join(
    '\n\n'
  )
}

/** What the project wants to reach, and how far it is. */
function goals(reports: readonly Report[]): string {
  const found = goalsOf(reports)
  if (found.length === 0) return ''
  const met = found.filter(({ verdict }) => verdict === 'met').length
  const rows = found.map((one) => `| ${one.what} | ${one.goal} | ${one.measured} | ${one.verdict} |`)
  return [
    '## Goals',
    `${met} of ${found.length} are met. Figures of two systems are compared round by round, in the same run: the median of these ratios or differences decides, with the lowest and the highest one beside it.`,
    ['| | goal | measured | |', '|---|---|---|---|', ...rows].join('\n'),
  ].join('\n\n')
}

/** The columns of a table in which the best of the others is better than the best of ours. */
export function othersAhead({ title, columns, rows }: Table): string[] {
  const measured = columns.filter(({ key }) => key !== 'ratio')
  return measured.flatMap((column) => {
    const ours = best(rows, column, true)
    const other = best(rows, column, false)
    if (!ours || !other || !isBetter(other, ours, column)) return []
    const say = ({ system, figures }: Row): string =>
      `${system} ${formatFigure(figures[column.key]?.median ?? NaN, column.digits)}`
    return [`${title}, ${column.title}: ${say(other)}, ${say(ours)}.`]
  })
}

function best(rows: readonly Row[], column: Column, ours: boolean): Row | undefined {
  const those = rows.filter((row) => row.ours === ours && !row.void && row.figures[column.key])
  return those.reduce<Row | undefined>((one, other) => (one && !isBetter(other, one, column) ? one : other), undefined)
}

function isBetter(one: Row, other: Row, { key, better }: Column): boolean {
  const difference = (one.figures[key]?.median ?? NaN) - (other.figures[key]?.median ?? NaN)
  return better === 'more' ? difference > 0 : difference < 0
}

function section({ title, suite, at, quick, rounds, machine, versions, settings, tables }: Report): string {
  const facts = [
    `Measured ${at.slice(0, 10)} in ${rounds} rounds${quick ? ' (`--quick`)' : ''} on ${machine}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    ...settings,
  ]
  return [
    `## ${title}`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    ...tables.map((table) => tableSection(suite, table)),
  ].join('\n\n')
}

function tableSection(suite: string, table: Table): string {
  const { id, title, about, columns, rows } = table
  const head = `| | ${columns.map((column) => column.title).join(' | ')} |`
  const rule = `|---|${columns.map(() => '---:|').join('')}`
  const body = rows.map((row) => `| ${row.system} | ${columns.map((column) => formatCell(row, column)).join(' | ')} |`)
  const remarks = rows.flatMap((row) =>
    [row.void && `void: ${row.void}`, row.remark].filter(Boolean).map((why) => `- ${row.system}: ${why}`)
  )
  const parts = [
    `### ${title}`,
    about,
    [head, rule, ...body].join('\n'),
    remarks.join('\n'),
    `![${title}](benchmarks/${suite}-${id}.svg)`,
  ]
  return parts.filter((part) => part !== '').join('\n\n')
}
