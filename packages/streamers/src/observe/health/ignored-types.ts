import type { IgnoredType } from '../../state'

/**
 * What came to an address and no handler there takes.
 * @public
 */
export interface IgnoredAt {
  /** With its topic. */
  readonly address: string
  /** By type, as it is on the wire, the most frequent first. Long names are cut. */
  readonly types: readonly {
    readonly type: string
    readonly events: number
    /** When the last of them came, RFC 3339. */
    readonly lastAt: string
  }[]
  /** Events of further types, whose names are not kept. */
  readonly others: number
}

/** What a link takes. */
interface Takes {
  readonly address: string
  /** Undefined: every event. */
  readonly types?: readonly string[]
  readonly typeName?: string
}

/**
 * Counts by their addresses, without what one of these links takes by now.
 * @internal
 */
export function ignoredAt(counted: readonly IgnoredType[], links: readonly Takes[]): IgnoredAt[] {
  return [...new Set(links.map(({ address }) => address))].flatMap((address) => {
    const here = links.filter((link) => link.address === address)
    if (here.some(({ typeName }) => typeName === undefined)) return []
    const taken = new Set(here.flatMap(({ types = [] }) => types))
    const left = counted.filter((one) => one.address === address && (one.type === undefined || !taken.has(one.type)))
    if (left.length === 0) return []
    const types = left.flatMap(({ type, events, lastAt }) =>
      type === undefined ? [] : [{ type, events, lastAt: new Date(lastAt).toISOString() }]
    )
    const others = left.find(({ type }) => type === undefined)?.events ?? 0
    return [{ address, types: types.sort((one, other) => other.events - one.events), others }]
  })
}

/**
 * What was ignored at an address, in words: `'Created' (12), 'Removed' (1) and 40 of other types`.
 * @internal
 */
export function ignoredInWords({ types, others }: IgnoredAt): string {
  const named = types.map(({ type, events }) => `'${type}' (${events})`).join(', ')
  const rest = others > 0 ? `${others} of other types` : ''
  return [named, rest].filter((part) => part !== '').join(' and ')
}
