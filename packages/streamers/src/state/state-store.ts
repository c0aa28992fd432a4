import type { InboxKey, StateChange } from './changes'
import type { Claim, LaneId, ParkedEvent, ParkedLane, PendingMark } from './records'

/**
 * All durable state of streaming, behind one port: pending marks, the inbox with its outcomes, the park with its dead letters,
 * and positions. There is one way to write, `commit`, and a few questions to ask.
 */
export interface StateStore {
  /** What it is, for messages: a path without secrets. */
  readonly name: string

  /**
   * Writes all of the changes, in order, or none of them; durable when it resolves. Rejects with a `STORAGE_…` error.
   * Concurrent commits may share one transaction.
   */
  commit(changes: readonly StateChange[]): Promise<void>

  /**
   * Claims events for handlers: each answer stands at its request's place. A claim that is neither outcome nor finished holds
   * against other owners until `claimMs` are over.
   */
  claim(requests: readonly InboxKey[], claim: { owner: string; now: number; claimMs: number }): Promise<Claim[]>

  /** The addresses that have marks which are not refused. */
  pendingAddresses(): Promise<string[]>
  /** Marks of an address in the order they were written, without the refused ones, after a place among them. */
  pendingMarks(address: string, limit: number, after?: number): Promise<(PendingMark & { readonly place: number })[]>

  /** The lanes on which something is parked that keeps them from being run live. */
  parkedLanes(address: string): Promise<ParkedLane[]>
  /** The oldest parked event that blocks a lane. */
  parkedHead(lane: LaneId): Promise<ParkedEvent | undefined>
  /** Dead letters, oldest first. */
  deadLetters(limit: number): Promise<ParkedEvent[]>

  /** How far an address is settled; undefined before anything was. */
  position(address: string): Promise<string | undefined>

  /** How much there is of each, for health and for tests. */
  counts(): Promise<StateCounts>

  /** Forgets finished inbox entries from before then (milliseconds since 1970), and answers how many. */
  expireInbox(before: number): Promise<number>

  /** Writes what is under way and lets go. May be called twice. */
  close(): Promise<void>
}

/** How much is kept. */
export interface StateCounts {
  readonly pending: number
  readonly refused: number
  readonly inbox: number
  readonly parked: number
  readonly deadLetters: number
}
