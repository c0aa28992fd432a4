import { createReadStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { EventEnvelope, ReadModelInterface } from '@boostercloud/framework-types'
import { StreamerError } from '@boostercloud/streamer-connector'
import { microsOf, timeOf } from '../events/times'
import { FORMAT, RecordCounter } from './record'
import type { StoreRecord } from './record'

/** By which field each sequenced read model is told apart. */
export type SequenceKeys = Readonly<Record<string, string>>

/**
 * What Booster's local provider keeps in a folder, as records. Events of one millisecond get times of their own, in the order in which the file has
 * them. Snapshots are left out: they are made anew from the events, and so regain what they had missed. Rejects with `OPTION_INVALID` where the
 * folder has no such files; a torn last line is what the local provider drops too.
 */
export async function* recordsOfNedb(folder: string, sequenceKeys: SequenceKeys = {}): AsyncGenerator<StoreRecord> {
  const counter = new RecordCounter()
  yield { store: { format: FORMAT } }
  for (const records of [eventsIn(folder), readModelsIn(folder, sequenceKeys)]) {
    for await (const record of records) {
      counter.add(record)
      yield record
    }
  }
  yield { end: counter.counts }
}

async function* eventsIn(folder: string): AsyncGenerator<StoreRecord> {
  const file = join(folder, 'events.json')
  if (!existsSync(file)) {
    throw new StreamerError('OPTION_INVALID', 'The folder has no events of the local provider: no events.json.', {
      at: folder,
      hint: "Give the folder .booster of an app that ran on Booster's local provider.",
    })
  }
  const events = ((await documentsOf(file)) as unknown as EventEnvelope[]).filter(({ kind }) => kind === 'event')
  const newest = new Map<string, number>()
  for (const event of events.sort((one, other) =>
    one.createdAt < other.createdAt ? -1 : Number(one.createdAt > other.createdAt)
  )) {
    const entity = JSON.stringify([event.entityTypeName, event.entityID])
    const at = Math.max(microsOf(event.createdAt), (newest.get(entity) ?? 0) + 1)
    newest.set(entity, at)
    yield { event: { ...event, createdAt: timeOf(at) } }
  }
}

async function* readModelsIn(folder: string, sequenceKeys: SequenceKeys): AsyncGenerator<StoreRecord> {
  const file = join(folder, 'read_models.json')
  if (!existsSync(file)) return
  for (const { typeName, value } of await documentsOf(file)) {
    const [type, readModel] = [String(typeName), value as ReadModelInterface]
    const key = sequenceKeys[type]
    const sequence = key === undefined ? undefined : String(readModel[key])
    yield { readModel: { type, value: readModel, ...(sequence === undefined ? {} : { sequence }) } }
  }
}

type Document = Readonly<Record<string, unknown>> & { readonly _id: string }

/** A file of nedb is a log: a later line of an id replaces an earlier one, and `$$deleted` removes it. */
async function documentsOf(file: string): Promise<Omit<Document, '_id'>[]> {
  const documents = new Map<string, Omit<Document, '_id'>>()
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })
  for await (const line of lines) {
    const document = parsed(line)
    if (document?._id === undefined) continue
    const { _id, $$deleted, ...rest } = document
    if ($$deleted) documents.delete(_id)
    else documents.set(_id, withoutUniqueKey(rest))
  }
  return [...documents.values()]
}

function withoutUniqueKey({
  uniqueKey: _uniqueKey,
  ...rest
}: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return rest
}

/** A `Date` as nedb writes it, as this store has it; undefined for anything else. */
function dateOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { $$date: millis } = value as { readonly $$date?: unknown }
  if (typeof millis !== 'number' || Number.isNaN(new Date(millis).getTime())) return undefined
  return new Date(millis).toISOString()
}

function parsed(line: string): Document | undefined {
  try {
    return JSON.parse(line, (_, value: unknown) => dateOf(value) ?? value) as Document
  } catch {
    return undefined
  }
}
