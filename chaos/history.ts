import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerName } from './fault'
import { STAGES } from './stages'
import type { Stage } from './stages'
import type { ServerFaultKind } from './server-kind'

/** The client's journal: on disk before a command is sent, and again with its answer. No answer: nobody knows. */
export type JournalLine =
  | { readonly what: 'intent'; readonly key: string; readonly origins: readonly string[] }
  | { readonly what: 'answer'; readonly origins: readonly string[]; readonly ok: boolean; readonly error?: string }

/** What handlers, failpoints and the run have put down, in the order in which it happened. */
export type WitnessLine =
  | {
      readonly what: 'start' | 'end' | 'fail'
      readonly stage: Stage
      readonly pid: number
      readonly key: string
      readonly origin: string
      readonly id?: string
      /** Milliseconds since 1970. */
      readonly at?: number
    }
  /** A handler is about to end its process. */
  | {
      readonly what: 'fatal'
      readonly stage: Stage
      readonly pid: number
      readonly key: string
      readonly origin: string
    }
  | { readonly what: 'failpoint'; readonly stage: Stage; readonly pid: number; readonly name: string }
  /** A service was stopped by SIGSTOP and went on. */
  | { readonly what: 'stopped' | 'continued'; readonly stage: Stage; readonly pid: number }
  /** A process of a service is gone; `killed` where that was the run's doing, `crashed` where it had been up and was not told to end. */
  | {
      readonly what: 'died'
      readonly stage: Stage
      readonly pid: number
      readonly killed: boolean
      readonly crashed?: true
    }
  /** Something has happened to a server, from one time to another in milliseconds since 1970. */
  | { readonly what: ServerName; readonly fault: ServerFaultKind; readonly from: number; readonly to: number }
  | { readonly what: 'redriven'; readonly origins: readonly string[] }

/** An event in a service's event store. */
export interface StoredStep {
  readonly key: string
  readonly origin: string
  /** What its provider orders an entity's events by: milliseconds since 1970, those of one having no order, or a rank. */
  readonly at: number
}

/** A read model of a service: of each key, the origins of its events in their order. */
export interface StoredView {
  readonly key: string
  readonly origins: readonly string[]
}

/** What a run was to show. */
export interface RunFacts {
  readonly seed: number
  readonly streamer: string
  /** Absent: Booster's own local one. */
  readonly provider?: string
  /** Where services had to die. */
  readonly failpoints: readonly string[]
  /** Those to which no service on this streamer comes. */
  readonly neverReached: readonly string[]
  /** What had to happen to the server; absent where there is none. */
  readonly serverFaults?: readonly ServerFaultKind[]
  /** What had to happen to the database; absent where it is no server. */
  readonly databaseFaults?: readonly ServerFaultKind[]
  readonly mutant?: string
}

/** All that a run leaves behind, and all that the checker looks at. */
export interface History {
  readonly run: RunFacts
  readonly journal: readonly JournalLine[]
  readonly witness: readonly WitnessLine[]
  /** What each event store held at the end, in the order in which it was stored. */
  readonly stores: Readonly<Record<Stage, readonly StoredStep[]>>
  /** The read models of each service at the end; absent where its provider promises nothing of them. */
  readonly views?: Readonly<Record<Stage, readonly StoredView[]>>
}

/** Writes a history to a folder. */
export function saveHistory(folder: string, { run, journal, witness, stores, views }: History): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'run.json'), `${JSON.stringify(run, null, 2)}\n`)
  writeLines(join(folder, 'journal.jsonl'), journal)
  writeLines(join(folder, 'witness.jsonl'), witness)
  for (const stage of STAGES) writeLines(join(folder, `store-${stage}.jsonl`), stores[stage])
  if (!views) return
  for (const stage of STAGES) writeLines(join(folder, `views-${stage}.jsonl`), views[stage])
}

/** Appends to the witness file in the folder of a run. */
export function appendWitness(folder: string, line: WitnessLine): void {
  appendFileSync(join(folder, 'witness.jsonl'), `${JSON.stringify(line)}\n`)
}

/** The inverse. */
export function loadHistory(folder: string): History {
  return {
    run: JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as History['run'],
    journal: readLines(join(folder, 'journal.jsonl')),
    witness: readLines(join(folder, 'witness.jsonl')),
    stores: {
      first: readLines(join(folder, 'store-first.jsonl')),
      second: readLines(join(folder, 'store-second.jsonl')),
      third: readLines(join(folder, 'store-third.jsonl')),
    },
    views: loadViews(folder),
  }
}

function loadViews(folder: string): History['views'] {
  if (!existsSync(join(folder, 'views-first.jsonl'))) return undefined
  return {
    first: readLines(join(folder, 'views-first.jsonl')),
    second: readLines(join(folder, 'views-second.jsonl')),
    third: readLines(join(folder, 'views-third.jsonl')),
  }
}

function writeLines(file: string, values: readonly unknown[]): void {
  writeFileSync(file, values.map((value) => `${JSON.stringify(value)}\n`).join(''))
}

/** The lines of a file of JSON lines; the last one may be torn. */
export function readLines<T>(file: string): T[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  lines.pop()
  return lines.map((line) => JSON.parse(line) as T)
}
