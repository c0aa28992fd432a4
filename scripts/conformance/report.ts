/** By column and case: `passed`, `failed: …` or `skipped: …`. */
export type ConformanceReport = Readonly<Record<string, Readonly<Record<string, string>>>>

const kind = (verdict: string): string => verdict.split(':')[0]

/** Whether any case of any column failed. */
export function hasFailures(report: ConformanceReport): boolean {
  return Object.values(report).some((verdicts) => Object.values(verdicts).some((verdict) => kind(verdict) === 'failed'))
}

/** Cases down, connectors across; a skipped case names what is missing. */
export function table(report: ConformanceReport): string {
  const columns = Object.keys(report)
  const cases = [...new Set(columns.flatMap((column) => Object.keys(report[column])))]
  const rows = [
    ['case', ...columns],
    ...cases.map((name) => [name, ...columns.map((column) => cell(report[column][name]))]),
  ]
  const widths = rows[0].map((_, index) => Math.max(...rows.map((row) => row[index].length)))
  return rows
    .map((row) =>
      row
        .map((text, index) => text.padEnd(widths[index]))
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}

/** A failure's reason may be long, and stands below the table. */
function cell(verdict = ''): string {
  if (kind(verdict) === 'failed') return 'FAILED'
  return verdict.length > 60 ? `${verdict.slice(0, 59)}…` : verdict
}

/** Why what failed did, and how many there are of each, column by column. */
export function conclusion(report: ConformanceReport): string {
  const reasons = Object.entries(report).flatMap(([column, verdicts]) =>
    Object.entries(verdicts)
      .filter(([, verdict]) => kind(verdict) === 'failed')
      .map(([name, verdict]) => `${column} ${name} ${verdict}`)
  )
  const counts = Object.entries(report).map(([column, verdicts]) => {
    const count = (wanted: string): number =>
      Object.values(verdicts).filter((verdict) => kind(verdict) === wanted).length
    return `${column}: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`
  })
  return [...reasons, ...counts].join('\n')
}
