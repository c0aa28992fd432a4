import { formatCell } from './report'
import type { Report, Table } from './report'

/** A report for the terminal. */
export function reportText(report: Report): string {
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`)
  const head = [`${report.title}, ${report.rounds} rounds: median (min – max)`, report.machine, versions.join(', ')]
  return [...head, ...report.settings, ...report.tables.flatMap((table) => ['', ...tableText(table)])].join('\n')
}

function tableText({ title, columns, rows }: Table): string[] {
  const lines = [
    ['', ...columns.map((column) => column.title)],
    ...rows.map((row) => [row.system, ...columns.map((column) => formatCell(row, column))]),
  ]
  const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => line[at].length)))
  const aligned = lines.map((line) =>
    line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ')
  )
  const remarks = rows.flatMap((row) =>
    [row.void && `void: ${row.void}`, row.remark].filter(Boolean).map((why) => `  ${row.system}: ${why}`)
  )
  return [title, ...aligned, ...remarks]
}
