import { formatFigure } from './report'
import type { Row, Table } from './report'

const WIDTH = 720
const NAME_WIDTH = 230
const FIGURE_WIDTH = 90
const BAR_HEIGHT = 18
const LINE_HEIGHT = 28
const HEAD_HEIGHT = 40

/** A column of a table as bars, an SVG: the median, and a line from the lowest to the highest run. */
export function chart({ title, columns, drawn, rows }: Table): string {
  const column = columns.find(({ key }) => key === drawn) ?? columns[0]
  const shown = rows.filter((row) => !row.void && row.figures[column.key])
  const most = Math.max(...shown.map((row) => row.figures[column.key]?.max ?? 0))
  const scale = (WIDTH - NAME_WIDTH - FIGURE_WIDTH) / most
  const height = HEAD_HEIGHT + shown.length * LINE_HEIGHT
  const bars = shown.map((row, index) => bar(row, HEAD_HEIGHT + index * LINE_HEIGHT, { column, scale }))
  const caption = `${title}: ${column.title}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" font-family="sans-serif" font-size="13">
<title>${escaped(caption)}</title>
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
<text x="8" y="22" font-weight="bold">${escaped(caption)}</text>
${bars.join('\n')}
</svg>
`
}

function bar(
  { system, ours, figures }: Row,
  y: number,
  { column, scale }: { column: Table['columns'][number]; scale: number }
): string {
  const summary = figures[column.key]
  if (!summary) return ''
  const [median, min, max] = [summary.median, summary.min, summary.max].map((figure) => NAME_WIDTH + figure * scale)
  const middle = y + BAR_HEIGHT / 2
  return `<text x="8" y="${middle + 4}">${escaped(system)}</text>
<rect x="${NAME_WIDTH}" y="${y}" width="${(median - NAME_WIDTH).toFixed(1)}" height="${BAR_HEIGHT}" fill="${ours ? '#2563eb' : '#9ca3af'}"/>
<path d="M${min.toFixed(1)} ${middle}H${max.toFixed(1)}" stroke="#111827"/>
<text x="${(max + 6).toFixed(1)}" y="${middle + 4}">${formatFigure(summary.median, column.digits)}</text>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
