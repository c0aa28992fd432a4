import { RowCounter, stateNotEmpty } from './state-rows'
import type { StateRow, StateRowCounts } from './state-rows'
import type { IdentityNote, StateIdentity } from './state-identity'

/**
 * What taking another state's rows over needs of a store.
 * @internal
 */
export interface TakingStore {
  /** What it is called in an error. */
  readonly name: string
  identity(): Promise<StateIdentity>
  note(notes: readonly IdentityNote[]): Promise<void>
  /** Whether there is anything in it that would be missed. */
  hasContent(): Promise<boolean>
  /** Removes all rows that are moved. */
  empty(): Promise<void>
  /** Writes rows that it has not got; resolves when all are durable. */
  write(rows: AsyncIterable<StateRow>): Promise<void>
}

/**
 * Fills an empty state, or one whose content was handed over before. Cut off, it is not empty and says so, and the next try starts again. Rejects
 * with `OPTION_INVALID` for one that is not empty.
 * @internal
 */
export async function takeOver(
  store: TakingStore,
  rows: AsyncIterable<StateRow>,
  from: string | undefined
): Promise<StateRowCounts> {
  const { id, isImporting, handedOverTo } = await store.identity()
  if (isImporting || handedOverTo !== undefined) await store.empty()
  else if (await store.hasContent()) throw stateNotEmpty(store.name)
  await store.note([{ role: 'importing', id }])
  const counter = new RowCounter()
  try {
    await store.write(counted(rows, counter))
  } catch (thrown) {
    await store.empty()
    await store.note([{ role: 'importing', id, forget: true }])
    throw thrown
  }
  const taken: readonly IdentityNote[] =
    from === undefined
      ? []
      : [
          { role: 'taken-from', id: from },
          { role: 'followed', id: from, forget: true },
        ]
  const owned: readonly IdentityNote[] =
    handedOverTo === undefined ? [] : [{ role: 'handed-over-to', id: handedOverTo, forget: true }]
  await store.note([...taken, ...owned, { role: 'importing', id, forget: true }])
  return counter.counts
}

async function* counted(rows: AsyncIterable<StateRow>, counter: RowCounter): AsyncGenerator<StateRow, void, undefined> {
  for await (const row of rows) {
    counter.add(row)
    yield row
  }
}
