import type { Measured, Received } from './workload'

/** Where a run takes place. */
export interface Target {
  /** `host:port` of the broker, with user and password before it where it asks for them. */
  readonly broker: string
  readonly topic: string
  /** The consumer group, new in each run. */
  readonly group: string
  /** A folder of the run's own. */
  readonly folder: string
}

/** Publishes; one connection. */
export interface Producer {
  /** Resolves when the broker has them durably. */
  publish(events: readonly Measured[]): Promise<void>
  close(): Promise<void>
}

/** Handles what is published, from the first event on. */
export interface Consumer {
  close(): Promise<void>
}

/** The handler, of one event or of several at once. Rejects where the run wants handlers that fail; then none of them is handled. */
export type Handle = (...events: Received[]) => Promise<void>

/** Takes the events of one poll, decoded, and says whether more are wanted. */
export type Take = (events: number) => boolean

/** A system that is measured, used as its documentation shows. */
export interface Contender {
  produce(target: Target): Promise<Producer>
  consume(target: Target, handle: Handle): Promise<Consumer>
  /** Reads and decodes until no more is wanted, without a handler; only where the poll alone is measured. */
  drain?(target: Target, take: Take): Promise<void>
}
