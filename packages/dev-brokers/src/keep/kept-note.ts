import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrokerKind, Command } from '../broker-kind'
import { cacheFolder } from '../places'

/** What is written down of a server that is kept. */
export interface KeptNote {
  /** Its data know no other. */
  readonly secret: string
  /** Set while it runs, as far as whoever started it knows. */
  readonly running?: {
    readonly url: string
    readonly port: number
    readonly pid: number
    readonly cleanUp?: Command
  }
}

/** Undefined where none was ever kept. */
export async function readNote(kind: BrokerKind): Promise<KeptNote | undefined> {
  try {
    return JSON.parse(await readFile(noteFile(kind), 'utf8')) as KeptNote
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}

/** Whole, or not at all. */
export async function writeNote(kind: BrokerKind, note: KeptNote): Promise<void> {
  const half = `${noteFile(kind)}.${process.pid}`
  await writeFile(half, JSON.stringify(note), { mode: 0o600 })
  await rename(half, noteFile(kind))
}

/** Where all of them are. */
export function keptFolder(): string {
  return join(cacheFolder(), 'kept')
}

export function dataFolder({ name }: BrokerKind): string {
  return join(keptFolder(), name)
}

export function noteFile({ name }: BrokerKind): string {
  return join(keptFolder(), `${name}.json`)
}

export function logFile({ name }: BrokerKind): string {
  return join(keptFolder(), `${name}.log`)
}
