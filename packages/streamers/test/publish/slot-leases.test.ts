import { expect } from 'chai'
import { SlotLeases, slotOf } from '../../src/publish'
import { SLOTS, openEmbeddedState } from '../../src/state'
import { inTempFolder } from '../support/temp-folder'

const ALL = Array.from({ length: SLOTS }, (_, slot) => slot)
const LEASE_MS = 300

describe('slot leases', () => {
  it('share all slots among those alive, each to one, and pass on what is not renewed', () =>
    inTempFolder(async (folder) => {
      const state = await openEmbeddedState(folder)
      let now = 0
      const member = (owner: string): SlotLeases =>
        new SlotLeases({ state, address: 'main/x', owner, leaseMs: LEASE_MS, now: () => now })
      const [a, b, c] = ['a', 'b', 'c'].map(member)
      try {
        expect(await a.current()).to.deep.equal(ALL)
        expect(await b.current()).to.deep.equal([])
        const disjoint = async (members: readonly SlotLeases[]): Promise<number[]> => {
          const held = [] as number[]
          for (const one of members) held.push(...(await one.current()))
          expect(new Set(held).size, `overlap: ${held.join()}`).to.equal(held.length)
          return held.sort((x, y) => x - y)
        }
        for (let round = 0; round < 4; round += 1) {
          now += LEASE_MS / 3
          await disjoint([a, b, c])
        }
        expect(await disjoint([a, b, c])).to.deep.equal(ALL)
        expect((await b.current()).length).to.be.within(4, 6)
        // c stops renewing; a and b take over what it held.
        for (let round = 0; round < 6; round += 1) {
          now += LEASE_MS / 3
          await disjoint([a, b])
        }
        expect(await disjoint([a, b])).to.deep.equal(ALL)
        await a.release()
        for (let round = 0; round < 2; round += 1) {
          now += LEASE_MS / 3
          await b.current()
        }
        expect(await b.current()).to.have.members(ALL)
      } finally {
        await state.close()
      }
    }))

  it('give an entity the same slot everywhere', () => {
    expect(slotOf('Post', 'p1')).to.equal(slotOf('Post', 'p1'))
    expect(new Set(Array.from({ length: 1_000 }, (_, n) => slotOf('Post', String(n)))).size).to.equal(SLOTS)
  })
})
