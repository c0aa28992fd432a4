import type { BoosterConfig } from '@boostercloud/framework-types'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { Database } from '../database/database'
import { openDatabase } from '../database/open'
import { optionsOf } from '../options'
import { exportStore } from './export-store'
import { importStore } from './import-store'
import { recordsOfNedb } from './nedb'
import type { RecordCounts, StoreRecord } from './record'
import { storeInfo } from './store-info'
import type { StoreInfo } from './store-info'
import { verifyStore } from './verify-store'
import type { VerifyProgress } from './verify-store'

const PACKAGE = '@boostercloud/framework-provider-sql'

/**
 * The database of an app, opened by itself: nothing of the app runs, and nothing is dispatched.
 * @internal
 */
export class OperatedStore {
  private constructor(
    private readonly database: Database,
    private readonly config: BoosterConfig
  ) {}

  /**
   * Opens or makes the database of an app, which may be running. Rejects with `OPTION_INVALID` where the app has another provider, or with a
   * `STORAGE_…` error.
   */
  public static async open(config: BoosterConfig): Promise<OperatedStore> {
    const { appName, environmentName, providerPackage } = config
    if (providerPackage !== PACKAGE) {
      throw new StreamerError('OPTION_INVALID', `The app is on ${providerPackage ?? 'no provider'}.`, {
        at: `${appName}, environment ${environmentName}`,
        hint: `Set config.providerPackage to ${PACKAGE}, or choose another environment with -e.`,
      })
    }
    return new OperatedStore(await openDatabase(optionsOf(config), { appName, environment: environmentName }), config)
  }

  /** See {@link storeInfo}. */
  public async info(): Promise<StoreInfo> {
    return storeInfo(this.database)
  }

  /** See {@link verifyStore}. */
  public verify(told?: VerifyProgress): AsyncIterable<string> {
    return verifyStore(this.database, told)
  }

  /** See {@link exportStore}. */
  public export(): AsyncIterable<StoreRecord> {
    return exportStore(this.database)
  }

  /** See {@link importStore}. */
  public async import(records: AsyncIterable<StoreRecord>): Promise<RecordCounts> {
    return importStore(this.database, records)
  }

  /** What Booster's local provider keeps in a folder, for `import`. */
  public linesOfNedb(folder: string): AsyncIterable<StoreRecord> {
    return recordsOfNedb(folder, this.config.readModelSequenceKeys)
  }

  public async close(): Promise<void> {
    await this.database.close()
  }
}

/**
 * Opens the store of an app; see {@link OperatedStore.open}.
 * @internal
 */
export async function openStore(config: BoosterConfig): Promise<OperatedStore> {
  return OperatedStore.open(config)
}
