import { unpackEvent } from '@boostercloud/streamers/state'
import type { StateStore } from '@boostercloud/streamers/state'
import { setTimeout as pause } from 'node:timers/promises'

/** A dead letter of a service. */
export interface DeadLetter {
  readonly place: number
  readonly origin: string
}

/** Opens the state of a service. */
export type OpenState = () => Promise<StateStore>

/** The dead letters of a service, as an operator sees them; waits for so many, up to a limit. */
export async function deadLettersOf(open: OpenState, count: number, limitMs: number): Promise<DeadLetter[]> {
  return withState(open, async (state) => {
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
export async function redrive(open: OpenState, letters: readonly DeadLetter[]): Promise<void> {
  const at = Date.now()
  await withState(open, (state) =>
    state.commit([...letters.map(({ place }) => ({ do: 'redrive' as const, place, at })), { do: 'notify' }])
  )
}

async function withState<T>(open: OpenState, work: (state: StateStore) => Promise<T>): Promise<T> {
  const state = await open()
  try {
    return await work(state)
  } finally {
    await state.close()
  }
}
