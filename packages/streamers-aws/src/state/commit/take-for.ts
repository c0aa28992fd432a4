import { StreamerError } from '@boostercloud/streamer-connector'
import type { StateOwner } from '@boostercloud/streamers/state'
import type { DynamoTable } from '../table/dynamo-table'
import { controlKeys } from '../table/keys'
import type { Row } from '../table/rows'
import { isConflict } from '../table/storage-error'
import { version } from '../table/working-copy'

interface OwnerRow extends Row, StateOwner {
  readonly layout: number
}

/** How rows are laid out; another number is another version's. */
const LAYOUT = 1

/** Writes into a new table whose it is; rejects with `STORAGE_FOREIGN` where it is another's. */
export async function takeFor(table: DynamoTable, { appName, environment }: StateOwner): Promise<void> {
  const own: OwnerRow = { ...controlKeys.owner, appName, environment, layout: LAYOUT, v: version() }
  const [known] = await table.get<OwnerRow>([controlKeys.owner])
  if (known) return check(known, own, table.name)
  await table.transact([{ ...controlKeys.owner, row: own, isPart: false }]).catch((error: unknown) => {
    if (!isConflict(error)) throw error
    return takeFor(table, { appName, environment })
  })
}

function check(known: OwnerRow, own: OwnerRow, at: string): void {
  if (known.appName !== own.appName || known.environment !== own.environment) {
    throw new StreamerError(
      'STORAGE_FOREIGN',
      `The table is the state of the service '${known.appName}' in '${known.environment}'.`,
      { at, hint: 'Give each service and environment a table of its own. Nothing in this one was changed.' }
    )
  }
  if (known.layout === own.layout) return
  throw new StreamerError(
    'STORAGE_FOREIGN',
    `The table has layout ${known.layout}; this program knows ${own.layout}.`,
    {
      at,
      hint: 'Nothing was changed. Update this program, which is older than the one that wrote the table.',
    }
  )
}
