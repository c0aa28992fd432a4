import { createRequire } from 'node:module'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { loadApp } from './app'
import { tellPlace } from '../terminal/environment'

const PACKAGE = '@boostercloud/framework-provider-sql'

/** A line of an exported store. */
export type StoreLine = object

/** How many lines of each kind there are. */
export type LineCounts = Readonly<Record<string, number>>

/** What a store holds, in numbers. */
export interface StoreFacts {
  readonly name: string
  readonly events: number
  readonly entities: number
  readonly newest?: string
  readonly readModels: Readonly<Record<string, number>>
  readonly waiting: number
  readonly failing: readonly {
    readonly type: string
    readonly id: string
    readonly attempts: number
    readonly failure: string
  }[]
  readonly pending: number
  readonly parked: number
}

/** An app's store, opened beside its running service. */
export interface SqlStore {
  info(): Promise<StoreFacts>
  /** Each thing that is wrong with it. */
  verify(told?: { at(what: string): void; row(): void }): AsyncIterable<string>
  export(): AsyncIterable<StoreLine>
  /** Fills it where it is empty. */
  import(lines: AsyncIterable<StoreLine>): Promise<LineCounts>
  /** What Booster's local provider keeps in a folder, as such lines. */
  linesOfNedb(folder: string): AsyncIterable<StoreLine>
  close(): Promise<void>
}

/** Runs work with the store of the app in the current folder. */
export async function withStore<T>(environment: string, work: (store: SqlStore) => Promise<T>): Promise<T> {
  const folder = process.cwd()
  const { config } = loadApp(folder, environment)
  const store = await sqlProvider(folder).openStore(config)
  tellPlace(environment)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** The app's own copy of the package. */
function sqlProvider(folder: string): { openStore(config: unknown): Promise<SqlStore> } {
  try {
    return createRequire(join(folder, 'dist', 'index.js'))(PACKAGE) as ReturnType<typeof sqlProvider>
  } catch (cause) {
    throw new StreamerError('PACKAGE_MISSING', `The app does not have ${PACKAGE}.`, {
      at: folder,
      hint: 'Install it in the app, and name it as config.providerPackage.',
      cause,
    })
  }
}
