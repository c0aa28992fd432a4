import { setTimeout as pause } from 'node:timers/promises'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { StateChange } from '@boostercloud/streamers/state'
import { applyChange, needsOf } from './apply-change'
import type { Desk } from './desk'
import { LARGEST_TRANSACTION } from '../table/dynamo-table'
import type { DynamoTable } from '../table/dynamo-table'
import { addressKey, partitionOfPlace } from '../table/keys'
import { Places } from '../table/places'
import type { ParkedRow } from '../table/rows'
import { isConflict } from '../table/storage-error'
import { WorkingCopy } from '../table/working-copy'
import type { RowWrite } from '../table/working-copy'

/** How long what is finished is remembered, in milliseconds. */
export interface KeptFor {
  readonly inboxMs: number
  readonly deadLetterMs: number
}

const TRIES = 30
const LONGEST_PAUSE_MS = 200
/** DynamoDB takes 4 MB in one transaction. */
const LARGEST_BYTES = 3_900_000
/** What a row has besides its bytes, at most, as a rule. */
const ROW_BYTES = 2_000

/**
 * Commits lists of changes: reads the rows that they are about, makes the changes on a working copy, and writes that on condition that
 * nobody has written the same rows meanwhile; else it reads again.
 */
export class Committer {
  private readonly announced = new Set<string>()
  private readonly places: Places

  public constructor(
    private readonly table: DynamoTable,
    private readonly keptFor: KeptFor
  ) {
    this.places = new Places(table)
  }

  /** All of the changes or none; a list that is too long for that is written in parts, where no claim rests on it. */
  public async commit(changes: readonly StateChange[]): Promise<void> {
    const reserved = this.places.reserve(addedBy(changes))
    for (const change of changes) if (change.do === 'mark-pending') await this.announce(change.mark.address)
    await this.write(changes, await reserved)
  }

  /** `place`: the first number for what is added. */
  private async write(changes: readonly StateChange[], place: number): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const writes = await this.writesOf(changes, place)
      if (!fits(writes)) break
      try {
        return await this.table.transact(writes)
      } catch (error) {
        if (!isConflict(error) || tries >= TRIES) throw error
        await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, 5 * 2 ** tries))
      }
    }
    let next = place
    for (const part of partsOf(changes)) {
      await this.write(part, next)
      next += addedBy(part)
    }
  }

  private async writesOf(changes: readonly StateChange[], place: number): Promise<RowWrite[]> {
    const byPlace = new Map<number, ParkedRow>()
    for (const change of changes) {
      if (!('place' in change)) continue
      const [row] = await this.table.query<ParkedRow>(atPlace(change.place), 1)
      if (row) byPlace.set(change.place, row)
    }
    const keys = new Map(changes.flatMap((change) => needsOf(change, byPlace)).map((key) => [JSON.stringify(key), key]))
    const rows = new WorkingCopy()
    for (const key of keys.values()) rows.load(key, undefined)
    for (const row of await this.table.get([...keys.values()])) rows.load(row, row)
    let next = place
    const { aheadMs } = this.table
    const { inboxMs, deadLetterMs } = this.keptFor
    const keptFor = { inboxMs: inboxMs + aheadMs, deadLetterMs: deadLetterMs + aheadMs }
    const desk: Desk = { rows, byPlace, nextPlace: () => next++, ...keptFor }
    for (const change of changes) applyChange(change, desk)
    return rows.writes()
  }

  /** Addresses are kept in a list of their own, so that what is pending is found; each process adds what it marks once. */
  private async announce(address: string): Promise<void> {
    if (this.announced.has(address)) return
    await this.table.update(addressKey(address), {
      UpdateExpression: 'SET address = :address',
      ExpressionAttributeValues: { ':address': address },
    })
    this.announced.add(address)
  }
}

/** The parked event at a place. */
function atPlace(place: number): Parameters<DynamoTable['query']>[0] {
  return {
    IndexName: 'by-place',
    KeyConditionExpression: 'pk = :pk AND place = :place',
    ExpressionAttributeValues: { ':pk': partitionOfPlace(place), ':place': place },
  }
}

/** How many new places a list may need. */
function addedBy(changes: readonly StateChange[]): number {
  return changes.filter((change) => change.do === 'mark-pending' || change.do === 'park').length
}

/** Whether DynamoDB takes so much in one transaction. */
function fits(writes: readonly RowWrite[]): boolean {
  const bytes = writes.reduce((sum, { row }) => sum + ROW_BYTES + (row?.bytes?.length ?? 0), 0)
  return writes.length <= LARGEST_TRANSACTION && bytes <= LARGEST_BYTES
}

/**
 * A list that is too long, as shorter ones. Where something rests on a claim, only marks can go before it: a mark whose event is never
 * stored is found out and dropped.
 */
function partsOf(changes: readonly StateChange[]): StateChange[][] {
  const marks = changes.filter((change) => change.do === 'mark-pending')
  if (changes.some(restsOnClaim)) {
    if (marks.length === 0) throw tooMuch(changes.length)
    return [marks, changes.filter((change) => change.do !== 'mark-pending')]
  }
  const half = Math.ceil(changes.length / 2)
  if (changes.length > 1) return [changes.slice(0, half), changes.slice(half)]
  const [change] = changes
  if (change.do !== 'unmark' || change.ids.length < 2) throw tooMuch(1)
  const ids = Math.ceil(change.ids.length / 2)
  return [[{ ...change, ids: change.ids.slice(0, ids) }], [{ ...change, ids: change.ids.slice(ids) }]]
}

function restsOnClaim(change: StateChange): boolean {
  return (
    change.do === 'write-outcome' || change.do === 'begin-run' || (change.do === 'finish' && change.owner !== undefined)
  )
}

function tooMuch(count: number): StreamerError {
  return new StreamerError('STORAGE_UNAVAILABLE', `DynamoDB cannot write ${count} changes that belong together.`, {
    at: 'commit',
    hint: 'Let the handler register fewer or smaller events at once.',
  })
}
