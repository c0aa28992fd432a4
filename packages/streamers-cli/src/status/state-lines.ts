import { isDeepStrictEqual } from 'node:util'
import { createInterface } from 'node:readline'
import { StreamerError } from '@boostercloud/streamer-connector'
import type * as State from '@boostercloud/streamers/state'

const FORMAT = 1

/** What one line of an exported state says. */
type Line =
  | { readonly state: { readonly format: number; readonly id: string } }
  | { readonly row: State.StateLine }
  | { readonly end: State.StateRowCounts }

/** A state as lines: first whose it is, last how many rows there were. */
export async function* exportedState(
  state: State.StateStore,
  { RowCounter, toLine }: typeof State
): AsyncGenerator<Line, void, undefined> {
  yield { state: { format: FORMAT, id: (await state.identity()).id } }
  const counter = new RowCounter()
  for await (const row of state.rows()) {
    counter.add(row)
    yield { row: toLine(row) }
  }
  yield { end: counter.counts }
}

/** What was exported: the id of its state, and its rows, which end with `OPTION_INVALID` where they are not whole. */
export async function rowsOfExport(
  input: NodeJS.ReadableStream,
  name: string,
  streamers: typeof State
): Promise<{ readonly from: string; readonly rows: AsyncGenerator<State.StateRow, void, undefined> }> {
  const lines = linesOf(input, name)
  const first = (await lines.next()).value as Line | undefined
  if (!first || !('state' in first) || first.state.format !== FORMAT) {
    throw notWhole(name, `It does not begin like an exported state of format ${FORMAT}.`)
  }
  return { from: first.state.id, rows: rowsIn(lines, name, streamers) }
}

async function* rowsIn(
  lines: AsyncGenerator<Line, void, undefined>,
  name: string,
  { RowCounter, fromLine }: typeof State
): AsyncGenerator<State.StateRow, void, undefined> {
  const counter = new RowCounter()
  let told: State.StateRowCounts | undefined
  for await (const line of lines) {
    if (told) throw notWhole(name, 'There is text after its last line.')
    if ('end' in line) told = line.end
    else if ('row' in line) {
      const row = fromLine(line.row)
      counter.add(row)
      yield row
    } else throw notWhole(name, 'A line is not a line of an exported state.')
  }
  // A version that had no such table has said nothing of it.
  if (!told || !isDeepStrictEqual({ ...new RowCounter().counts, ...told }, counter.counts))
    throw notWhole(name, 'Lines are missing.')
}

async function* linesOf(input: NodeJS.ReadableStream, name: string): AsyncGenerator<Line, void, undefined> {
  let number = 0
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number += 1
    if (text.trim() === '') continue
    try {
      yield JSON.parse(text) as Line
    } catch {
      throw notWhole(name, `Line ${number} is not valid JSON.`)
    }
  }
}

function notWhole(at: string, why: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `The exported state is not complete. ${why}`, {
    at,
    hint: 'Give what `boost-streamers state export` has written. Nothing was imported.',
  })
}
