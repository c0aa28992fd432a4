import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import type { Retention, StateOwner, StateProvider, StateStore } from '@boostercloud/streamers/state'
import { VARIABLES } from '../names'
import { DynamoStateStore } from './dynamo-state-store'
import { DynamoTable, naming } from './table/dynamo-table'
import { ensureTable } from './table/ensure-table'
import { takeFor } from './commit/take-for'

/**
 * Where the table is, and how it is reached.
 * @public
 */
export interface DynamoStateOptions {
  /** Its name. Default: what the deployment says (`BOOSTER_STREAMERS_TABLE`), else `streamers-<app>-<environment>`. */
  readonly table?: string
  /** Where it is. Default: where the function runs, as the AWS SDK finds out. */
  readonly region?: string
  /** Another address of DynamoDB, as of DynamoDB Local. Default: that of the region. */
  readonly endpoint?: string
  /** Whether the table is made if it is not there: for a desk and for tests. Default false: the deployment makes it. */
  readonly create?: boolean
  /**
   * Whether a function on the stream of the events table publishes what is stored, so that nothing is marked before. Default: what the
   * deployment says (`BOOSTER_STREAMERS_STREAM`), else false.
   */
  readonly publishedFromStream?: boolean
  /** How long one try of a request may take, of up to three, and a connection; milliseconds. Default 10 000. */
  readonly timeoutMs?: number
  /** What else the client takes: credentials, retries, a request handler. */
  readonly client?: Omit<DynamoDBClientConfig, 'region' | 'endpoint'>
}

const TIMEOUT_MS = 10_000
const DAY_MS = 24 * 60 * 60 * 1000
const DEFAULT_RETENTION: Retention = { inboxMs: 14 * DAY_MS, deadLetterMs: 30 * DAY_MS }

/**
 * The streaming state of a service on DynamoDB, shared by all that runs of it: `config.streaming = { state: DynamoState.at() }`. What has
 * been kept for long enough is forgotten by the table's time to live.
 * @public
 */
export class DynamoState implements StateProvider {
  public readonly shared = true
  public readonly forgetsByItself = true
  public readonly publishedFromStream: boolean

  private constructor(private readonly options: DynamoStateOptions) {
    this.publishedFromStream = options.publishedFromStream ?? process.env[VARIABLES.stream] === 'true'
  }

  /** Nothing connects yet. */
  public static at(options: DynamoStateOptions = {}): DynamoState {
    return new DynamoState(options)
  }

  public async open(owner: StateOwner, retention: Retention = DEFAULT_RETENTION): Promise<StateStore> {
    const { region, endpoint, client: own, create = false, timeoutMs = TIMEOUT_MS } = this.options
    const requestHandler = { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true }
    const client = new DynamoDBClient({
      requestHandler,
      ...own,
      ...(region ? { region } : {}),
      ...(endpoint ? { endpoint } : {}),
    })
    const table = new DynamoTable(client, this.tableOf(owner))
    try {
      await naming(table, async () => {
        if (create) await ensureTable(client, table.name)
        await takeFor(table, owner)
      })
    } catch (error) {
      table.close()
      throw error
    }
    return new DynamoStateStore(table, retention)
  }

  private tableOf({ appName, environment }: StateOwner): string {
    return this.options.table ?? process.env[VARIABLES.table] ?? `streamers-${appName}-${environment}`
  }
}
