import { randomUUID } from 'node:crypto'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { LakeStorage } from '../storage'
import { fromJson, toJson } from './json-file'

/** The file that says that a folder is a lake. */
const LAKE_FILE = 'lake.json'

const FORMAT = 'booster-event-lake'
/** The version of all that is stored: layout, manifests and segments. */
const FORMAT_VERSION = 1

/** What `lake.json` says. */
export interface LakeIdentity {
  readonly format: string
  readonly formatVersion: number
  /** Tells the lake from any other. */
  readonly id: string
}

/** Looks whether a lake is at the place. Undefined: there is nothing yet. Rejects with `STORAGE_FOREIGN` for what is none, or one of a later version. */
export async function identityOf(storage: LakeStorage): Promise<LakeIdentity | undefined> {
  const identity = await read(storage)
  if (identity !== undefined) return identity
  if ((await storage.list('manifests')).length > 0 || (await storage.list('segments')).length > 0) {
    // Another process may have made it between the two looks.
    const made = await read(storage)
    if (made !== undefined) return made
    throw new StreamerError('STORAGE_DAMAGED', `The lake has lost its file ${LAKE_FILE}.`, {
      at: storage.place,
      hint: `Restore ${LAKE_FILE} from a backup.`,
    })
  }
  return undefined
}

/** The lake at the place; makes one where there is nothing. Rejects as {@link identityOf} does. */
export async function ensureLake(storage: LakeStorage, isForeign: () => Promise<boolean>): Promise<LakeIdentity> {
  const known = await identityOf(storage)
  if (known !== undefined) return known
  if ((await isForeign()) && (await read(storage)) === undefined) {
    throw new StreamerError('STORAGE_FOREIGN', 'The place has files and is no lake.', {
      at: storage.place,
      hint: 'Give the lake a folder or a prefix of its own: an empty one, or one that is not there yet.',
    })
  }
  const made = { format: FORMAT, formatVersion: FORMAT_VERSION, id: randomUUID() }
  // Where another process makes it at the same time, one of the two is the lake's.
  await storage.create(LAKE_FILE, toJson(made))
  return (await identityOf(storage)) ?? made
}

async function read(storage: LakeStorage): Promise<LakeIdentity | undefined> {
  const bytes = await storage.read(LAKE_FILE)
  return bytes && checked(fromJson<Partial<LakeIdentity>>(bytes, storage.place, LAKE_FILE), storage.place)
}

function checked({ format, formatVersion, id }: Partial<LakeIdentity>, place: string): LakeIdentity {
  if (format !== FORMAT || typeof formatVersion !== 'number' || typeof id !== 'string') {
    throw new StreamerError('STORAGE_FOREIGN', `The file ${LAKE_FILE} is not that of a lake.`, {
      at: place,
      hint: 'Give the lake a folder of its own.',
    })
  }
  if (formatVersion > FORMAT_VERSION) {
    throw new StreamerError(
      'STORAGE_FOREIGN',
      `The lake is of format version ${formatVersion}; this version of the package knows ${FORMAT_VERSION}.`,
      { at: place, hint: 'Install a later @boostercloud/streamers-lake.' }
    )
  }
  return { format, formatVersion, id }
}
