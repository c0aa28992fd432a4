import { StreamerError } from '@boostercloud/streamer-connector'
import { print, printable } from '../terminal/output'

/** A page of what the state keeps, in the order of places. */
const PAGE = 200

/** Everything that is read a page at a time. `read` answers so many at most, behind a place. */
export async function* inPages<T extends { readonly place?: number }>(
  read: (limit: number, after: number) => Promise<readonly T[]>
): AsyncGenerator<T, void, undefined> {
  let after = 0
  for (;;) {
    const page = await read(PAGE, after)
    yield* page
    if (page.length < PAGE) return
    after = page[page.length - 1].place ?? after
  }
}

/** Which of them a command is to change. */
export interface Choice {
  readonly all?: boolean
  readonly handler?: string
}

/** Which command asks, as `dead-letters redrive`, and which one lists them. */
export interface Asking {
  readonly at: string
  readonly list: string
}

/** Throws `OPTION_INVALID` unless either places are named or all of them, of which a handler may be named. */
export function requireChoice(places: readonly string[], { all = false, handler }: Choice, { at, list }: Asking): void {
  if (places.length > 0 !== all && (handler === undefined || all)) return
  throw new StreamerError('OPTION_INVALID', 'Name places, or give --all, with or without --handler.', {
    at,
    hint: `See them with ${list}.`,
  })
}

/** Prints a line for each, so many at most; `none` where there is nothing, unless it is undefined. */
export async function printListed<T>(
  events: AsyncIterable<T>,
  { limit, lineOf, none }: { readonly limit: number; readonly lineOf: (one: T) => string; readonly none?: string }
): Promise<void> {
  let listed = 0
  for await (const one of events) {
    if (listed === limit) {
      process.stderr.write('There are more; see them with --limit.\n')
      return
    }
    await print(lineOf(one))
    listed += 1
  }
  if (listed === 0 && none !== undefined) await print(none)
}

/** Those at the places that are named. Throws `OPTION_INVALID` for a place at which there is none: `missing` says so of it. */
export async function atPlaces<T extends { readonly place: string }>(
  events: AsyncIterable<T>,
  places: readonly string[],
  missing: { readonly what: string; readonly at: string; readonly hint: string }
): Promise<T[]> {
  const chosen = await chosenOf(events, ({ place }) => places.includes(place))
  const absent = places.find((place) => !chosen.some((one) => one.place === place))
  if (absent === undefined) return chosen
  const { what, at, hint } = missing
  throw new StreamerError('OPTION_INVALID', `Nothing that ${what} has the place '${printable(absent)}'.`, { at, hint })
}

export async function chosenOf<T>(events: AsyncIterable<T>, isIt: (one: T) => boolean): Promise<T[]> {
  const chosen: T[] = []
  for await (const one of events) if (isIt(one)) chosen.push(one)
  return chosen
}
