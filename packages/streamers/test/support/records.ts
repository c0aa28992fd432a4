import type { LaneId, ParkedEvent, PendingMark, StateStore } from '../../src/state'

/** A mark with defaults. */
export function mark(own: Partial<PendingMark>): PendingMark {
  return {
    address: 'main/posts',
    id: 'e1',
    typeName: 'PostCreated',
    entityTypeName: 'Post',
    entityId: 'p1',
    slot: 3,
    markedAt: 1_000,
    owner: 'o',
    context: {},
    ...own,
  }
}

/** A parked event with defaults. */
export function parked(own: Partial<ParkedEvent>): ParkedEvent {
  return {
    address: 'main/posts',
    handler: 'H',
    key: 'k',
    source: 's',
    id: 'e1',
    state: 'retry',
    holds: false,
    attempts: 1,
    dueAt: 5,
    firstAt: 1,
    lastAt: 2,
    event: new Uint8Array([1, 2, 3]),
    ...own,
  }
}

/** The oldest parked event that blocks a lane. */
export async function headOf(state: StateStore, lane: LaneId): Promise<ParkedEvent | undefined> {
  return (await state.parkedOf(lane, 1))[0]
}
