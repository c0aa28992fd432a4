import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { STATE_FILE, openEmbeddedState } from '../state'
import type { StateIdentity, StateStore } from '../state'
import { handedOver } from './take-over'

/** What is looked at before a service starts. */
export interface OwnState {
  readonly state: StateStore
  /** The folder of the state, where it is an embedded one. */
  readonly folder?: string
  /** Where it would be by default. */
  readonly defaultFolder: string
}

/**
 * Rejects with `STATE_ELSEWHERE` where the state was handed over to another one, or where the default folder has an embedded state with content
 * that nobody has taken over: the service would forget what waits and what it has handled. Rejects with `STORAGE_DAMAGED` where taking over was
 * cut off.
 */
export async function requireOwnState({ state, folder, defaultFolder }: OwnState): Promise<void> {
  const own = await state.identity()
  if (own.handedOverTo !== undefined) throw handedOver(state.name, own.handedOverTo)
  if (own.isImporting) throw cutOff(state.name)
  const isDefault = folder !== undefined && resolve(folder) === resolve(defaultFolder)
  if (isDefault || !existsSync(join(defaultFolder, STATE_FILE))) return
  const other = await openEmbeddedState(defaultFolder)
  try {
    if (isSettled(own, await other.identity())) return
    if (await other.hasContent()) throw await left(other, state.name)
  } finally {
    await other.close()
  }
}

/** Whether nothing of another state is to be taken over any more. A copy has taken over from what it is a copy of. */
function isSettled(own: StateIdentity, other: StateIdentity): boolean {
  const isHandedOver = other.handedOverTo !== undefined || other.id === own.id
  return isHandedOver || own.takenFrom.includes(other.id) || other.takenFrom.includes(own.id)
}

async function left(other: StateStore, now: string): Promise<StreamerError> {
  const { pending, refused, inbox = 0, parked, deadLetters, timers = 0 } = await other.counts()
  const positions = (await other.positions()).length
  const has = [
    `${pending + refused} pending, ${inbox} handled, ${parked} parked`,
    counted(deadLetters, 'dead letter'),
    counted(timers, 'timer'),
    counted(positions, 'position'),
  ].join(', ')
  return new StreamerError(
    'STATE_ELSEWHERE',
    `The service would run on another streaming state than before (${now}), and the new one does not have what the old one kept: ${has}.`,
    {
      at: other.name,
      hint: 'Take it over: boost-streamers state import --from-default. Or leave it behind: boost-streamers state adopt.',
    }
  )
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function cutOff(at: string): StreamerError {
  return new StreamerError('STORAGE_DAMAGED', 'An import of another streaming state into this one was interrupted.', {
    at,
    hint: 'Run it again, which starts from the beginning: boost-streamers state import.',
  })
}
