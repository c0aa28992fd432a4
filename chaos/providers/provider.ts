import type { StateStore } from '@boostercloud/streamers/state'
import type { StoredStep, StoredView } from '../history'
import type { ChaosServer } from '../server'
import type { ChaosServerKind } from '../server-kind'
import type { Stage } from '../stages'

/** A provider that the services can run on. A new one is a file that says this, and a line in index.ts. */
export interface ChaosProvider {
  readonly name: string
  /** Booster's `providerPackage`. */
  readonly package: string
  /** How many processes each service has. */
  readonly processes: number
  /** How many more join in the midst of a run. */
  readonly joining: number
  /** Failpoints that no service on it comes to. */
  readonly neverReached: readonly string[]
  /** Milliseconds that a fault may take to come about; see `ChaosStreamer`. */
  readonly patienceMs: number
  /** The database server, which all services share; absent: there is none. */
  readonly server?: ChaosServerKind
  /** Begins what runs besides the services. Rejects with `PACKAGE_MISSING` where it cannot be had. */
  open(): Promise<ChaosDatabases>
}

/** The databases of a run, one for each service. */
export interface ChaosDatabases {
  /** Where they are all in; absent: they are files. */
  readonly server?: ChaosServer
  /** What tells the processes of a service of its database. */
  env(stage: Stage): Readonly<Record<string, string>>
  /** Looks at a service's database from outside. */
  store(stage: Stage, serviceFolder: string): StoreReader
  /** Ends what was begun. */
  close(): Promise<void>
}

/** What a service has stored, read from outside. */
export interface StoreReader {
  /** To be called before each start of a process, where that changes the order of what is stored. */
  beforeStart?(): void
  /** All events so far, in the order in which they were stored; of a service that was never started, none. */
  read(): Promise<readonly StoredStep[]>
  /** Its read models; undefined where the provider promises nothing of them. */
  views(): Promise<readonly StoredView[] | undefined>
  /** Its streaming state, as an operator opens it. */
  state(): Promise<StateStore>
}
