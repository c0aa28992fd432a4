import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { lockExclusively } from '@boostercloud/streamer-sqlite'
import { StreamerError } from '@boostercloud/streamer-connector'
import { STATE_FILE, openEmbeddedState } from '../state'
import type { StateRow, StateRowCounts, StateStore } from '../state'
import { defaultStateFolder } from './embedded-provider'
import { placeOf } from './state-of'
import type { StatePlace, StatefulConfig } from './state-of'

/**
 * What was taken over.
 * @internal
 */
export interface TakenOver {
  /** What the states are, for messages. */
  readonly from: string
  readonly to: string
  readonly counts: StateRowCounts
}

/**
 * Where the app's state would be if no option and no provider said otherwise.
 * @internal
 */
export function defaultFolderOf({ environmentName }: Pick<StatefulConfig, 'environmentName'>): string {
  return defaultStateFolder(environmentName)
}

/**
 * Whether a folder has an embedded state, and the app keeps its state elsewhere.
 * @internal
 */
export function isOtherState(config: StatefulConfig, folder: string): boolean {
  return isOther(placeOf(config), folder)
}

/**
 * Takes over what the embedded state in a folder has kept into the state of an app, and marks that as handed over: no service runs on it any
 * more. Neither may be in use. Rejects with `OPTION_INVALID` where the folder has no state, was handed over to another one, or the app's state is
 * not empty, and with `STORAGE_BUSY` where a service runs on one of them; then nothing is changed.
 * @internal
 */
export async function takeOverFolder(config: StatefulConfig, folder: string): Promise<TakenOver> {
  const place = placeOf(config)
  if (!isOther(place, folder)) throw noOtherState(folder)
  const lock = await lockExclusively(join(folder, 'service.lock'), { holder: 'boost-streamers state' })
  try {
    return await whileLocked(place, async (target) => {
      const source = await openEmbeddedState(folder)
      try {
        return await takeOver(source, target)
      } finally {
        await source.close()
      }
    })
  } finally {
    await lock.release()
  }
}

/**
 * Fills the empty state of an app with rows that were exported from the state of that id. Rejects as {@link takeOverFolder} does.
 * @internal
 */
export async function takeInRows(
  config: StatefulConfig,
  rows: AsyncIterable<StateRow>,
  from: string | undefined
): Promise<StateRowCounts> {
  return whileLocked(placeOf(config), (target) => target.takeIn(rows, from))
}

async function takeOver(source: StateStore, target: StateStore): Promise<TakenOver> {
  const [from, to] = [await source.identity(), await target.identity()]
  if (from.handedOverTo !== undefined) throw handedOver(source.name, from.handedOverTo)
  const counts = await target.takeIn(source.rows(), from.id)
  await source.noteIdentity([{ role: 'handed-over-to', id: to.id }])
  return { from: source.name, to: target.name, counts }
}

async function whileLocked<T>(place: StatePlace, work: (target: StateStore) => Promise<T>): Promise<T> {
  const lock = await place.lock()
  try {
    const target = await place.open()
    try {
      return await work(target)
    } finally {
      await target.close()
    }
  } finally {
    await lock?.release()
  }
}

function isOther(place: StatePlace, folder: string): boolean {
  const isOwn = place.folder !== undefined && resolve(place.folder) === resolve(folder)
  return !isOwn && existsSync(join(folder, STATE_FILE))
}

function noOtherState(folder: string): StreamerError {
  return new StreamerError(
    'OPTION_INVALID',
    'The folder has no embedded streaming state other than the one of the app.',
    {
      at: resolve(folder),
      hint: `Name the folder that has ${STATE_FILE}, as .booster/streamers/local.`,
    }
  )
}

/** That a state is another one's now. */
export function handedOver(name: string, to: string): StreamerError {
  return new StreamerError('STATE_ELSEWHERE', `This streaming state was handed over to the state ${to}.`, {
    at: name,
    hint: 'Configure the state that has taken it over. To come back, export that one and import it here: boost-streamers state export, state import.',
  })
}
