import type { Shape } from './shapes/shape'

const TITLES = [
  'field',
  'accepted, and as what',
  'with a schema as what',
  'refused',
  'refused with a schema',
  'an event without it',
]
const WITHOUT = { refused: 'refused', taken: 'accepted', doubt: 'refused with a schema' }

/** The table as a page. */
export function shapesPage(shapes: readonly Shape[]): string {
  const rows = shapes.map(({ type, valid, revived = [], wrong, doubtful = [], missing }) => [
    code(type),
    lines(valid.map((one) => (typeof one === 'string' ? code(one) : arrow(one)))),
    lines(revived.map(arrow)),
    lines(wrong.map(code)),
    lines(doubtful.map(code)),
    WITHOUT[missing],
  ])
  const table = [TITLES, TITLES.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return `# What a typed handler accepts

Each row is a field of an event class, and values that arrive in it. \`test/field-shapes.test.ts\` writes this page: it compiles one service with all these
classes, with Booster's compiler plugin, and gives each value to a handler, before and after \`boost-streamers schemas\` has written [their schemas](../explanation/typed-handlers.md).
Where an arrow stands, the handler gets what is behind it. Without a schema, the values of the third column arrive as they came, and those of the fifth arrive too.

<!-- prettier-ignore-start -->

${table.join('\n')}

<!-- prettier-ignore-end -->
`
}

function arrow([value, seen]: readonly [string, string]): string {
  return `${code(value)} → ${code(seen)}`
}

function lines(cells: readonly string[]): string {
  return cells.join('<br>')
}

function code(text: string): string {
  return `<code>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '&#124;').replaceAll('\n', ' ')}</code>`
}
