import { appendFileSync } from 'node:fs'
import { metadataOf } from '@boostercloud/streamers'
import { setTimeout as pause } from 'node:timers/promises'
import { failuresLeft, isLethal } from './planned-failures'

const WITNESS = '../witness.jsonl'
const LONGEST_MS = 8

/** An event that goes along the chain. */
interface Step {
  readonly key: unknown
  readonly origin: string
  readonly parcel: string[]
}

/**
 * What every handler here does: takes out of the event what it hands on, says in the witness file when it starts and how it ends, takes a few milliseconds, and fails or ends its process where
 * the run's plan has it do so.
 */
export async function handleBeforeWitness(stage: string, event: Step, act: (taken: string) => void): Promise<void> {
  const { key, origin, parcel } = event
  const taken = parcel.shift() ?? 'nothing'
  const note = (what: string): void => {
    const line = { what, stage, pid: process.pid, key, origin, id: metadataOf(event)?.id, at: Date.now() }
    appendFileSync(WITNESS, `${JSON.stringify(line)}\n`)
  }
  note('start')
  await pause(Math.random() * LONGEST_MS)
  if (isLethal(stage, origin)) {
    note('fatal')
    process.exit(86)
  }
  if (failuresLeft(stage, origin)) {
    note('fail')
    throw new Error(`The plan has ${origin} fail here.`)
  }
  act(taken)
  note('end')
}
