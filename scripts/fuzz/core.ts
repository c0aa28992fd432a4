import type * as runtime from '@boostercloud/streamers/runtime'
import type * as state from '@boostercloud/streamers/state'

/** What events go through in a service. */
export type Core = typeof runtime & typeof state

/** Booster wants to be told its environment before it is loaded. */
export async function loadCore(): Promise<Core> {
  const told = process.env.BOOSTER_ENV
  process.env.BOOSTER_ENV = told ?? 'test'
  try {
    return { ...(await import('@boostercloud/streamers/state')), ...(await import('@boostercloud/streamers/runtime')) }
  } finally {
    if (told === undefined) delete process.env.BOOSTER_ENV
  }
}
