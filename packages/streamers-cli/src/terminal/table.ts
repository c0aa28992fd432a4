import { printable } from './output'

/** Rows whose cells decide how wide the columns are. */
const MEASURED = 100
/** The widest column that others stand behind; a longer cell pushes the rest of its row to the right. */
const WIDEST = 48

/** The lines of a table, its header first: columns stand under each other. None where there are no rows. */
export async function* tableLines(
  columns: readonly string[],
  rows: AsyncIterable<readonly string[]>
): AsyncGenerator<string, void, undefined> {
  let first: string[][] | undefined = []
  let widths: readonly number[] = []
  const measured = function* (lines: readonly (readonly string[])[]): Generator<string> {
    const all = [columns, ...lines]
    widths = columns.map((_, at) => Math.min(WIDEST, Math.max(...all.map((cells) => cells[at].length))))
    for (const cells of all) yield lineOf(cells, widths)
  }
  for await (const row of rows) {
    const cells = row.map(printable)
    if (first === undefined) {
      yield lineOf(cells, widths)
      continue
    }
    first.push(cells)
    if (first.length < MEASURED) continue
    yield* measured(first)
    first = undefined
  }
  if (first !== undefined && first.length > 0) yield* measured(first)
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, at) => (at === cells.length - 1 ? cell : cell.padEnd(widths[at])))
    .join('  ')
    .trimEnd()
}
