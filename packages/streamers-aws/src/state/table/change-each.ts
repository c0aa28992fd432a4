import type { DynamoTable } from './dynamo-table'
import type { Row } from './rows'
import { isConflict } from './storage-error'
import { WorkingCopy } from './working-copy'

/** Changes rows, each by a write of its own. One that is written at this moment stays as it is. Resolves with how many were changed. */
export async function changeEach<R extends Row>(
  table: DynamoTable,
  rows: readonly R[],
  change: (copy: WorkingCopy, row: R) => void
): Promise<number> {
  let changed = 0
  for (const row of rows) {
    const copy = new WorkingCopy()
    copy.load(row, row)
    change(copy, row)
    try {
      await table.transact(copy.writes())
      changed += 1
    } catch (error) {
      if (!isConflict(error)) throw error
    }
  }
  return changed
}
