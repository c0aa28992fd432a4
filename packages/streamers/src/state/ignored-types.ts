/** How many types of an address are counted by their names where no handler takes them; more are counted together. */
export const IGNORED_NAMES = 20

/**
 * Events that came to an address and that no handler there takes: of one type, or of those that are counted together.
 * @experimental
 */
export interface IgnoredType {
  readonly address: string
  /** Undefined: all types beyond `IGNORED_NAMES`. */
  readonly type?: string
  readonly events: number
  /** When the last of them came, in milliseconds since 1970. */
  readonly lastAt: number
}

/** What was not seen for so long, or by a clock that was so far ahead, is forgotten when others are counted; milliseconds. */
export const IGNORED_FORGOTTEN_MS = 7 * 24 * 60 * 60 * 1000

/**
 * Counts of one address with others of it added.
 * @internal
 */
export function addIgnored(counted: readonly IgnoredType[], added: IgnoredType): IgnoredType[] {
  const kept = counted.filter(({ lastAt }) => Math.abs(lastAt - added.lastAt) <= IGNORED_FORGOTTEN_MS)
  const named = kept.filter(({ type }) => type !== undefined)
  const isNamed = named.some(({ type }) => type === added.type) || named.length < IGNORED_NAMES
  const type = isNamed ? added.type : undefined
  const { events = 0 } = kept.find((one) => one.type === type) ?? {}
  return [...kept.filter((one) => one.type !== type), { ...added, type, events: events + added.events }]
}
