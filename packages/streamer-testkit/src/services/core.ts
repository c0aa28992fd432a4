import type * as runtime from '@boostercloud/streamers/runtime'
import type * as state from '@boostercloud/streamers/state'

/** What services are made of, without its types' run-time cost. */
export type Core = typeof runtime & typeof state

let loading: Promise<Core> | undefined

/**
 * Loads the core at its first use, so that who only tests `publish` and `poll` never loads Booster. Booster wants to be told its
 * environment when it is loaded, which says nothing here.
 */
export function loadCore(): Promise<Core> {
  loading ??= load()
  return loading
}

async function load(): Promise<Core> {
  const told = process.env.BOOSTER_ENV
  process.env.BOOSTER_ENV = told ?? 'test'
  try {
    return { ...(await import('@boostercloud/streamers/runtime')), ...(await import('@boostercloud/streamers/state')) }
  } finally {
    if (told === undefined) delete process.env.BOOSTER_ENV
  }
}
