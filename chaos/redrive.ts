import { join } from 'node:path'
import type * as Streamers from '@boostercloud/streamers'
import { setTimeout as pause } from 'node:timers/promises'

/** A dead letter of a service. */
export interface DeadLetter {
  readonly place: number
  readonly origin: string
}

/** The dead letters of a service, as an operator sees them; waits for so many, up to a limit. */
export async function deadLettersOf(serviceFolder: string, count: number, limitMs: number): Promise<DeadLetter[]> {
  const { unpackEvent } = await streamers()
  return withState(serviceFolder, async (state) => {
    const end = Date.now() + limitMs
    for (;;) {
      const letters = await state.deadLetters(10_000)
      if (letters.length >= count || Date.now() > end) {
        return letters.map(({ place, event }) => {
          const { origin } = unpackEvent(event).eventPayload as { origin: string }
          return { place: place ?? 0, origin }
        })
      }
      await pause(200)
    }
  })
}

/** Has dead letters tried again, and tells the service, as an operator would. */
export async function redrive(serviceFolder: string, letters: readonly DeadLetter[]): Promise<void> {
  const at = Date.now()
  await withState(serviceFolder, (state) =>
    state.commit([...letters.map(({ place }) => ({ do: 'redrive' as const, place, at })), { do: 'notify' }])
  )
}

async function withState<T>(serviceFolder: string, work: (state: Streamers.StateStore) => Promise<T>): Promise<T> {
  const { openEmbeddedState } = await streamers()
  const state = await openEmbeddedState(join(serviceFolder, '.booster', 'streamers', 'local'))
  try {
    return await work(state)
  } finally {
    await state.close()
  }
}

/** Booster wants to know its environment when it is imported. */
async function streamers(): Promise<typeof Streamers> {
  process.env.BOOSTER_ENV ??= 'local'
  return import('@boostercloud/streamers')
}
