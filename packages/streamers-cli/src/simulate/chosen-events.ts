import { existsSync } from 'node:fs'
import { StreamerError, didYouMean } from '@boostercloud/streamer-connector'
import { baselineSchemas } from '../schemas'
import type { EventSchema } from '../schemas'

/** Which events of a contract are wanted. */
export interface Choice {
  /** A folder with the sources of a contract or a service, or with extracted schemas. */
  readonly contract: string
  /** An address of the contract, or a topic alone. */
  readonly address: string
  /** The events' classes, or their types on the wire. Undefined: all that the address carries. */
  readonly types?: readonly string[]
}

/**
 * The events that an address carries, as the contract says. Rejects with `OPTION_INVALID` where there is no such contract, address or event, with the nearest
 * names. Where a contract says of no address what it carries, the types decide.
 */
export async function chosenEvents({ contract, address, types }: Choice): Promise<EventSchema[]> {
  if (!existsSync(contract)) {
    throw invalid('There is no such folder.', contract, 'Name the folder of a contract, or one of extracted schemas.')
  }
  const all = await baselineSchemas(contract, contract)
  const addresses = [...new Set(all.flatMap(({ topics }) => Object.keys(topics)))].sort()
  const carried = all.filter(({ topics }) => Object.keys(topics).some((each) => isAt(each, address)))
  if (carried.length > 0) return types === undefined ? carried : ofTypes(carried, types, address)
  if (addresses.length > 0) {
    const names = addresses.map((each) => `'${each}'`).join(', ')
    const hint = `${didYouMean(address, addresses)}It has ${names}.`
    throw invalid(`The contract says nothing of the address '${address}'.`, contract, hint)
  }
  if (types !== undefined) return ofTypes(all, types, address)
  const names = all.map(({ event }) => `'${event}'`).join(', ') || 'none'
  const hint = `Name the events with --type. The folder has ${names}.`
  throw invalid('The contract says of no address which events it carries.', contract, hint)
}

function isAt(carrying: string, address: string): boolean {
  return carrying === address || (!address.includes('/') && carrying.endsWith(`/${address}`))
}

function ofTypes(events: readonly EventSchema[], types: readonly string[], address: string): EventSchema[] {
  return types.map((wanted) => {
    const found = events.find(({ event, type }) => event === wanted || type === wanted)
    if (found) return found
    const names = events.map(({ event }) => event)
    throw invalid(
      `The contract has no event '${wanted}' at this address.`,
      address,
      `${didYouMean(wanted, names)}It has ${names.map((name) => `'${name}'`).join(', ') || 'none'}.`
    )
  })
}

function invalid(what: string, at: string, hint: string): StreamerError {
  return new StreamerError('OPTION_INVALID', what, { at, hint })
}
