import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Target } from '../measure/contender'
import type { Broker } from '../broker'
import type { Extent } from './extent'
import type { Suite } from './suite'

/** Where a suite is measured, and how much of it. */
export interface Place {
  readonly suite: Suite
  readonly broker: Broker
  readonly extent: Extent
  /** Says how far it is. */
  readonly say: (line: string) => void
}

let made = 0

/** A new topic, and a name for those who read it. */
export async function newTarget({ suite, broker }: Place): Promise<Omit<Target, 'folder'>> {
  const topic = `bench-${process.pid}-${made++}`
  const group = `group-of-${topic}`
  await suite.makeTopic(broker.address, topic, group)
  return { broker: broker.address, topic, group }
}

/** Runs something in a folder that is there for as long, below another one. */
export async function inFolder<T>(work: (folder: string) => Promise<T>, below = tmpdir()): Promise<T> {
  const folder = await mkdtemp(join(below, 'streamers-bench-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** In each round another one begins, so that none has the best place always. */
export function inTurn<T>(all: readonly T[], round: number): T[] {
  const begin = round % all.length
  return [...all.slice(begin), ...all.slice(0, begin)]
}
