import type { ChaosServerKind } from '../server-kind'

/** A streamer that the chain can run on. A new one is a file that says this, and a line in index.ts. */
export interface ChaosStreamer {
  readonly name: string
  /** What the services stream with, told where the server is. */
  readonly connector: (url: string) => ConnectorChoice
  /** What runs besides the services; absent: nothing. */
  readonly server?: ChaosServerKind
  /** Makes the streams of a run anew, while no service runs; absent: this kit does not do that to it. */
  readonly makeAnew?: (folder: string) => void
  /** Failpoints that no service on it comes to. */
  readonly neverReached: readonly string[]
  /** Milliseconds of silence after which a service is taken for dead, where the server does so. */
  readonly sessionMs?: number
  /** Milliseconds that a fault may take to come about; then more and more is sent, so that it does. */
  readonly patienceMs: number
  /** Milliseconds without any progress after which what is still missing is lost. */
  readonly stallMs: number
  /** Milliseconds within which comes what should not come. */
  readonly settleMs: number
}

/** An export of a package, and what its `with` is given. */
export interface ConnectorChoice {
  readonly package: string
  readonly name: string
  readonly options: Readonly<Record<string, unknown>>
}
