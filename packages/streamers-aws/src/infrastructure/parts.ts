import type { Settings } from './parameters'
import type { Streams } from './streams'
import type { Value } from './template'

/**
 * What of Booster's stack the streaming of an app joins.
 * @internal
 */
export interface BoosterParts {
  /** Where the app's code is, as each of its functions has it. */
  readonly code: unknown
  /** The module and the exported function that Booster dispatches rockets' functions by. */
  readonly handler: string
  readonly appName: string
  readonly environmentName: string
  /** What all of its functions have in their environment. */
  readonly environment: Readonly<Record<string, unknown>>
  /** Logical ids of its tables. */
  readonly eventsTable: string
  readonly readModelTables: readonly string[]
  /** Logical ids of its functions, with those of their roles. */
  readonly functions: ReadonlyArray<{ readonly id: string; readonly role: string }>
}

/**
 * All that the resources are made of.
 * @internal
 */
export interface Deployment {
  readonly streams: Streams
  readonly settings: Settings
  readonly booster: BoosterParts
}

/** Logical ids of what there is once. */
export const STATE_TABLE_ID = 'StreamersState'

/** What may be read by way of a variable: ARNs of secrets, without the names of fields behind `#`. */
export function secretArns({ secrets }: Settings): Value[] {
  return [...new Set(Object.values(secrets).map((place) => place.split('#')[0]))]
}
