import { readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { connect } from '../engine'
import type { Database } from '../engine'
import { prepareFile } from './folder'
import { untilFree } from '../retry'
import { fileSystemError, isBusy, storageError } from '../storage-error'

/**
 * A lock that is held.
 * @internal
 */
export interface ExclusiveLock {
  /** Lets the next one have it. May be called twice. */
  release(): Promise<void>
}

/** Two that come at the same moment see each other for an instant; a real holder is still there after this. */
const PATIENCE_MS = 250

/**
 * Keeps the connections of held locks from being collected as garbage, which would release them. Nothing is prepared on them: before
 * Node 24 a prepared statement would keep the lock beyond `release`.
 */
const held = new Set<Database>()

/**
 * Takes a lock that one process of this machine may have at a time. The kernel releases it when the holder dies, however it dies.
 * The file at `path` is made if it is missing and stays; who holds it stands in `<path>.holder`, for people and for messages.
 *
 * Rejects with `STORAGE_BUSY` when another process (or another part of this one) has it, naming its pid and what it called itself;
 * with `STORAGE_UNAVAILABLE` when the file cannot be made.
 * @internal
 */
export async function lockExclusively(path: string, { holder }: { holder: string }): Promise<ExclusiveLock> {
  const file = resolve(path)
  const sidecar = `${file}.holder`
  const purpose = `the lock of ${holder}`
  await prepareFile(file, purpose)
  let database: Database | undefined
  try {
    database = connect(file)
    await untilFree(() => database?.exec('BEGIN EXCLUSIVE'), PATIENCE_MS)
    await writeHolder(sidecar, holder)
  } catch (thrown) {
    database?.close()
    throw isBusy(thrown) ? await heldError(file, sidecar, thrown) : storageError(thrown, file, purpose)
  }
  return releasable(database, sidecar)
}

function releasable(database: Database, sidecar: string): ExclusiveLock {
  held.add(database)
  let released: Promise<void> | undefined
  const release = async (): Promise<void> => {
    try {
      await rm(sidecar, { force: true })
    } finally {
      held.delete(database)
      database.close()
    }
  }
  return { release: () => (released ??= release()) }
}

async function writeHolder(sidecar: string, holder: string): Promise<void> {
  try {
    await writeFile(sidecar, JSON.stringify({ pid: process.pid, holder }), { mode: 0o600 })
  } catch (thrown) {
    throw fileSystemError(thrown, sidecar, `the lock of ${holder}`)
  }
}

async function heldError(file: string, sidecar: string, cause: unknown): Promise<StreamerError> {
  const by = await readHolder(sidecar)
  return new StreamerError('STORAGE_BUSY', `The lock is held by ${by ?? 'another process'}.`, {
    at: file,
    hint: 'Stop that process, or give this one its own path.',
    retryable: true,
    cause,
  })
}

/** Undefined when the holder has not written it yet. */
async function readHolder(sidecar: string): Promise<string | undefined> {
  try {
    const { pid, holder } = JSON.parse(await readFile(sidecar, 'utf8')) as { pid: number; holder: string }
    return `${holder} (pid ${pid})`
  } catch (thrown) {
    if (thrown instanceof SyntaxError || (thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}
