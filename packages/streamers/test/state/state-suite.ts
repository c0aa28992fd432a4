import type { StateStore } from '../../src/state'
import { testClocks } from './clock-suite'
import { testControl } from './control-suite'
import { testFiring } from './firing-suite'
import { testIdentity } from './identity-suite'
import { testInbox } from './inbox-suite'
import type { OpenState, StateUnderTest } from './open-state'
import { testPark } from './park-suite'
import { testPending } from './pending-suite'
import { testRuns } from './run-suite'
import { testTexts } from './texts-suite'
import { testTimers } from './timer-suite'

/** What every store of state must keep to, whatever database it is on. */
export function testStateStore(name: string, setUp: () => Promise<StateUnderTest>): void {
  describe(`state on ${name}`, () => {
    let under: StateUnderTest
    let state: StateStore

    beforeEach(async () => {
      under = await setUp()
      state = await under.open()
    })
    afterEach(async () => state.close())

    const on: OpenState = {
      get state() {
        return state
      },
      reopen: async () => {
        await state.close()
        state = await under.open()
      },
    }

    testPending(on)
    testInbox(on)
    testPark(on)
    testControl(on)
    testRuns(on)
    testClocks(on)
    testIdentity(on)
    testTexts(on)
    testTimers(on)
    testFiring(on)

    it('closes twice', async () => {
      await state.close()
      await state.close()
    })
  })
}
