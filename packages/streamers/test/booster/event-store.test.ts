import type { BoosterConfig, EventEnvelope } from '@boostercloud/framework-types'
import { expect } from 'chai'
import { BoosterEventStore } from '../../src/booster/events/event-store'
import { EVENTS_OF_PROVIDER } from '../../src/booster/events/finds-events'
import type { FoundEvent } from '../../src/booster/events/finds-events'
import type { PendingMark } from '../../src/state'

const AT = Date.parse('2026-01-31T12:00:00Z')

const markOf = (n: number, entityId = `p${n}`): PendingMark => ({
  address: 'log/posts',
  id: `e${n}`,
  typeName: 'Post',
  entityTypeName: 'E',
  entityId,
  slot: 0,
  markedAt: AT,
  owner: 'me',
  context: {},
})

const envelopeOf = ({ id, entityId, entityTypeName, typeName }: PendingMark): EventEnvelope =>
  ({
    kind: 'event',
    streamsId: id,
    entityTypeName,
    entityID: entityId,
    typeName,
    version: 1,
    value: { id },
    createdAt: new Date(AT).toISOString(),
    ...(typeName === 'Deleted' ? { deletedAt: new Date(AT).toISOString() } : {}),
  }) as unknown as EventEnvelope

describe("Booster's event store, read by our ids", () => {
  it('is asked once for many events, and for no entity, where the provider finds events by their ids', async () => {
    const marks = Array.from({ length: 50 }, (_, n) => markOf(n))
    const { store, asked } = storeOf(marks, marks)
    const found = await store.find(marks)
    expect([...found.keys()]).to.deep.equal(marks.map(({ id }) => id))
    expect(found.get('e7')?.size).to.equal(10)
    expect(asked).to.deep.equal(['ids 50'])
  })

  it('finds no event that Booster has deleted, whichever way it is asked', async () => {
    const marks = [markOf(0), { ...markOf(1), typeName: 'Deleted' }]
    for (const known of [marks, undefined]) {
      expect([...(await storeOf(marks, known).store.find(marks)).keys()]).to.deep.equal(['e0'])
    }
  })

  it('is asked for the entities of those that the provider does not find by their ids', async () => {
    const marks = [markOf(0), markOf(1, 'q'), markOf(2, 'q'), markOf(3)]
    const { store, asked } = storeOf(marks, [marks[0]])
    expect(new Set((await store.find(marks)).keys())).to.deep.equal(new Set(['e0', 'e1', 'e2', 'e3']))
    expect(asked).to.deep.equal(['ids 4', 'entity q', 'entity p3'])
  })

  it('is asked for each entity once where the provider knows no ids, and answers what was asked for', async () => {
    const marks = [markOf(0, 'q'), markOf(1, 'q'), markOf(2)]
    const { store, asked } = storeOf(marks)
    expect([...(await store.find(marks.slice(1))).keys()]).to.deep.equal(['e1', 'e2'])
    expect(asked).to.deep.equal(['entity q', 'entity p2'])
  })
})

/** A store of these events; `known`: those that it finds by their ids. */
function storeOf(
  stored: readonly PendingMark[],
  known?: readonly PendingMark[]
): { readonly store: BoosterEventStore; readonly asked: string[] } {
  const asked: string[] = []
  const byIds = async (_: BoosterConfig, ids: readonly string[]): Promise<FoundEvent[]> => {
    asked.push(`ids ${ids.length}`)
    return (known ?? []).map((mark) => ({ envelope: envelopeOf(mark), size: 10 }))
  }
  const events = {
    forEntitySince: async (_: BoosterConfig, __: string, id: string) => {
      asked.push(`entity ${id}`)
      return stored.filter(({ entityId }) => entityId === id).map(envelopeOf)
    },
  }
  const provider = { events, ...(known ? { [EVENTS_OF_PROVIDER]: byIds } : {}) }
  const config = { provider, notifications: {}, events: {} } as unknown as BoosterConfig
  return { store: new BoosterEventStore(config), asked }
}
