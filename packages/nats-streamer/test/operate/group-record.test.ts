import { assert, array, integer, property, record as recordOf, constantFrom, uniqueArray } from 'fast-check'
import { expect } from 'chai'
import { withClaim, withoutClaim } from '../../src/operate/group-record'
import type { Holding } from '../../src/operate/group-record'

const STATES = ['one', 'two', 'three']
const TOPICS = ['posts', 'likes', 'users']

const steps = array(
  recordOf({
    state: constantFrom(...STATES),
    member: constantFrom('a', 'b'),
    topics: uniqueArray(constantFrom(...TOPICS), { minLength: 1 }),
    later: integer({ min: 0, max: 8 }),
    leaseMs: integer({ min: 1, max: 20 }),
    does: constantFrom('own', 'own', 'own', 'leave'),
  }),
  { maxLength: 40 }
)

/** Who reads a topic at a time. */
const readers = (record: readonly Holding[], topic: string, now: number): Set<string> =>
  new Set(record.filter((one) => one.until > now && one.topics.includes(topic)).map(({ state }) => state))

describe('the record of a group', () => {
  it('never has two states that read one topic, forgets no state, and refuses nobody without a reason', () => {
    assert(
      property(steps, (taken) => {
        let record: readonly Holding[] = []
        const known = new Map<string, Set<string>>()
        let now = 1_000
        for (const { state, member, topics, later, leaseMs, does } of taken) {
          now += later
          const owner = { stateId: state, member: `${state} ${member}`, leaseMs }
          if (does === 'leave') {
            record = withoutClaim(record, { topics, owner, now })
            for (const topic of topics) known.set(topic, (known.get(topic) ?? new Set()).add(state))
            continue
          }
          const verdict = withClaim(record, { topics, owner, now })
          const inTheWay = topics.some((topic) => [...readers(record, topic, now)].some((other) => other !== state))
          expect('refused' in verdict).to.equal(inTheWay)
          if ('refused' in verdict) continue
          const others = topics.flatMap((topic) => [...(known.get(topic) ?? [])]).filter((other) => other !== state)
          expect([...verdict.before].sort()).to.deep.equal([...new Set(others)].sort())
          record = verdict.record
          for (const topic of topics) {
            known.set(topic, (known.get(topic) ?? new Set()).add(state))
            expect([...readers(record, topic, now)]).to.deep.equal([state])
          }
          expect(record.filter((one) => one.until <= now).length).to.be.at.most(STATES.length)
        }
      })
    )
  })

  it('knows the last twenty states, the latest first', () => {
    let record: readonly Holding[] = []
    for (let n = 0; n < 30; n += 1) {
      const owner = { stateId: String(n), member: 'm', leaseMs: 1 }
      const verdict = withClaim(record, { topics: ['posts'], owner, now: n * 10 })
      if ('record' in verdict) record = verdict.record
    }
    const owner = { stateId: 'last', member: 'm', leaseMs: 1 }
    const verdict = withClaim(record, { topics: ['posts'], owner, now: 1_000 })
    const latest = Array.from({ length: 20 }, (_, n) => String(29 - n))
    expect('before' in verdict && verdict.before)
      .to.include.members(latest.slice(0, 19))
      .and.not.to.include('3')
    expect('before' in verdict && verdict.before[0]).to.equal('29')
  })

  it("is in nobody's way with what was written while the clock of the server was far ahead, and forgets such processes", () => {
    const YEAR_MS = 365 * 86_400_000
    const owner = (stateId: string) => ({ stateId, member: stateId, leaseMs: 10_000 })
    const claimed = (record: readonly Holding[], stateId: string, now: number) =>
      withClaim(record, { topics: ['posts'], owner: owner(stateId), now })
    const ahead = claimed([], 'dead', YEAR_MS)
    const after = 'record' in ahead ? claimed(ahead.record, 'living', 0) : ahead
    expect(after).to.deep.include({ before: ['dead'] })
    const { record } = after as { record: readonly Holding[] }
    expect(claimed(record, 'other', 1)).to.deep.equal({ refused: { topic: 'posts', by: 'living' } })
    expect(claimed(record, 'other', -YEAR_MS), 'set back').to.have.property('record')
  })
})
