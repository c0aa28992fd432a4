import type { Shape } from './shape'

const TITLES = ['field', 'accepted, and as what', 'refused', 'refused where a schema says so', 'an event without it']
const WITHOUT = { refused: 'refused', taken: 'accepted', doubt: 'refused where a schema says so' }

/** The table as a page. */
export function shapesPage(shapes: readonly Shape[]): string {
  const rows = shapes.map(({ type, valid, wrong, doubtful = [], missing }) => [
    code(type),
    lines(valid.map((one) => (typeof one === 'string' ? code(one) : `${code(one[0])} → ${code(one[1])}`))),
    lines(wrong.map(code)),
    lines(doubtful.map(code)),
    WITHOUT[missing],
  ])
  const table = [TITLES, TITLES.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return `# What a typed handler accepts

Each row is a field of an event class, and values that arrive in it. \`test/field-shapes.test.ts\` writes this page: it compiles one service with all these
classes, with Booster's compiler plugin, and gives each value to a handler. Where an arrow stands, the handler gets what is behind it.

<!-- prettier-ignore-start -->

${table.join('\n')}

<!-- prettier-ignore-end -->
`
}

function lines(cells: readonly string[]): string {
  return cells.join('<br>')
}

function code(text: string): string {
  return `<code>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '&#124;').replaceAll('\n', ' ')}</code>`
}
