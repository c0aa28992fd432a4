import type { Kept } from './kept'

/**
 * Something in the state that belongs to a handler or an address which the code has no longer: nobody will ever take it up.
 * @public
 */
export interface LeftBehind {
  /** With its topic. */
  readonly address: string
  /** The handler's name; empty for events that could be given to no handler. Undefined: events that wait for a broker. */
  readonly handler?: string
  /** Events that wait for a broker by a streamer that is no longer used. */
  readonly pending: number
  readonly parked: number
  readonly deadLetters: number
  /** Whether somebody paused the link. */
  readonly paused: boolean
}

/** What the code has. */
export interface KnownNames {
  readonly links: readonly { readonly address: string; readonly handler: string }[]
  /** Whether something is published by an address's streamer. */
  readonly isPublishing: (address: string) => boolean
}

/** What the state keeps for nobody. */
export function leftBehind(kept: Omit<Kept, 'state'>, { links, isPublishing }: KnownNames): LeftBehind[] {
  const known = new Set(links.flatMap(({ address, handler }) => [nameOf(address, handler), nameOf(address, '')]))
  const found = new Map<string, LeftBehind>()
  const add = (address: string, handler: string, own: Partial<LeftBehind>): void => {
    const name = nameOf(address, handler)
    if (known.has(name)) return
    const nothing = { address, handler, pending: 0, parked: 0, deadLetters: 0, paused: false }
    found.set(name, { ...(found.get(name) ?? nothing), ...own })
  }
  for (const { address, handler, parked, deadLetters } of kept.parked) add(address, handler, { parked, deadLetters })
  for (const { address, handler } of kept.paused) add(address, handler, { paused: true })
  const unsent = [...kept.pending].filter(([address]) => !isPublishing(address))
  return [
    ...found.values(),
    ...unsent.map(([address, { count }]) => ({ address, pending: count, parked: 0, deadLetters: 0, paused: false })),
  ]
}

/** What was left behind, as a sentence for an operator. */
export function saidOf({ address, handler, pending, parked, deadLetters, paused }: LeftBehind): string {
  if (handler === undefined) {
    return `${pending} events wait for '${address}', but this service no longer publishes to its streamer. They are kept and not sent. Restore the streamer, or move them to another address: boost-streamers links rename --address '${address}' NEW.`
  }
  const what = [
    ...(parked > 0 ? [`${parked} parked`] : []),
    ...(deadLetters > 0 ? [`${deadLetters} dead letters`] : []),
    ...(paused ? ['a pause'] : []),
  ].join(', ')
  return `The state keeps ${what} for ${handler === '' ? 'no handler' : handler} at '${address}', which this service does not have. Nothing will handle them. If the handler was renamed: boost-streamers links rename ${handler || 'OLD'} NEW; if its address was: boost-streamers links rename --address '${address}' NEW.`
}

function nameOf(address: string, handler: string): string {
  return JSON.stringify([address, handler])
}
