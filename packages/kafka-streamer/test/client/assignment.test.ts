import { expect } from 'chai'
import fc from 'fast-check'
import { assign, ownerOf } from '../../src/client/assignment'
import type { Assignment, Member } from '../../src/client/assignment'

const TOPICS = ['a', 'b', 'c']

const someMembers = fc
  .record({
    counts: fc.tuple(...TOPICS.map(() => fc.integer({ min: 1, max: 12 }))),
    members: fc.uniqueArray(
      fc.record({
        id: fc.string({ minLength: 1, maxLength: 4 }),
        reads: fc.uniqueArray(fc.integer({ min: 0, max: TOPICS.length - 1 })),
        owned: fc.array(fc.integer({ min: 0, max: 15 })),
      }),
      { selector: ({ id }) => id, minLength: 1, maxLength: 6 }
    ),
  })
  .map(({ counts, members }) => ({
    counts,
    members: members.map(({ id, reads, owned }): Member => {
      const topics = reads.map((index) => TOPICS[index] as string)
      return {
        id,
        topics: Object.fromEntries(topics.map((topic) => [topic, counts[TOPICS.indexOf(topic)] as number])),
        owned: Object.fromEntries(topics.map((topic) => [topic, owned])),
      }
    }),
  }))

function partitionsOf(assignment: Assignment, id: string, topic: string): number[] {
  return assignment.get(id)?.[topic] ?? []
}

const reader = (id: string, topics: Record<string, number>, owned: Record<string, number[]> = {}): Member => ({
  id,
  topics,
  owned,
})

describe('the assignment of partitions', () => {
  it('gives each partition of a topic to one of those who read it, and evenly', () => {
    fc.assert(
      fc.property(someMembers, ({ members, counts }) => {
        const assignment = assign(members)
        TOPICS.forEach((topic, index) => {
          const readers = members.filter(({ topics }) => Object.hasOwn(topics, topic))
          const shares = readers.map(({ id }) => partitionsOf(assignment, id, topic))
          const all = shares.flat().sort((a, b) => a - b)
          const count = readers.length === 0 ? 0 : (counts[index] as number)
          expect(all).to.deep.equal(Array.from({ length: count }, (_, partition) => partition))
          const sizes = shares.map(({ length }) => length)
          if (sizes.length > 0) expect(Math.max(...sizes) - Math.min(...sizes)).to.be.at.most(1)
          for (const { id } of members.filter((member) => !readers.includes(member))) {
            expect(partitionsOf(assignment, id, topic)).to.deep.equal([])
          }
        })
      })
    )
  })

  it('is the same whoever works it out, in whatever order members are listed', () => {
    fc.assert(
      fc.property(someMembers, ({ members }) => {
        expect([...assign([...members].reverse())]).to.deep.equal([...assign(members)])
      })
    )
  })

  it('changes nothing when the same members with what they have meet again', () => {
    fc.assert(
      fc.property(someMembers, ({ members }) => {
        const first = assign(members)
        const again = assign(members.map((member) => ({ ...member, owned: first.get(member.id) ?? {} })))
        expect([...again]).to.deep.equal([...first])
      })
    )
  })

  it('takes from those who are there only what a new member is due', () => {
    const members = [
      reader('a', { posts: 6 }, { posts: [0, 1, 2] }),
      reader('b', { posts: 6 }, { posts: [3, 4, 5] }),
      reader('0', { posts: 6 }),
    ]
    expect(Object.fromEntries(assign(members))).to.deep.equal({
      a: { posts: [0, 1] },
      b: { posts: [3, 4] },
      '0': { posts: [2, 5] },
    })
  })

  it('gives a topic to the members of the state that came first, and to those that name none', () => {
    const owner = fc.option(fc.record({ stateId: fc.constantFrom('x', 'y', 'z'), since: fc.nat({ max: 3 }) }), {
      nil: undefined,
    })
    fc.assert(
      fc.property(someMembers, fc.array(owner, { minLength: 6, maxLength: 6 }), ({ members, counts }, owners) => {
        const owned = members.map((member, index) => ({ ...member, owner: owners[index] }))
        const assignment = assign(owned)
        TOPICS.forEach((topic, at) => {
          const readers = owned.filter(({ topics }) => Object.hasOwn(topics, topic))
          const by = ownerOf(topic, owned)
          const first = Math.min(...readers.flatMap((reader) => reader.owner?.since ?? []))
          expect(by === undefined).to.equal(first === Infinity)
          if (by)
            expect(readers.some((each) => each.owner?.stateId === by && each.owner.since === first)).to.equal(true)
          const mayRead = readers.filter((each) => each.owner === undefined || each.owner.stateId === by)
          const given = readers.flatMap(({ id }) => partitionsOf(assignment, id, topic))
          const allowed = mayRead.flatMap(({ id }) => partitionsOf(assignment, id, topic))
          expect(given.length, 'nobody else is given any').to.equal(allowed.length)
          expect(allowed.length).to.equal(readers.length === 0 ? 0 : counts[at])
        })
      })
    )
  })

  it('moves nothing of a topic when members of another one come', () => {
    const before = assign([reader('b', { posts: 3 }), reader('c', { posts: 3 })])
    const after = assign([
      reader('a', { users: 3 }),
      reader('b', { posts: 3 }, before.get('b') as Record<string, number[]>),
      reader('c', { posts: 3 }, before.get('c') as Record<string, number[]>),
    ])
    expect([after.get('b'), after.get('c')]).to.deep.equal([before.get('b'), before.get('c')])
  })
})
