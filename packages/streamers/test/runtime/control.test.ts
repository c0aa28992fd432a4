import { expect } from 'chai'
import { Control } from '../../src/runtime/control'
import type { StateStore } from '../../src/state'
import { eventually } from '../support/eventually'

const quiet = (): void => undefined

describe('changes from outside', () => {
  it('are taken up also where they came before the first look, and once each', async () => {
    let [revision, taken, looks] = [7, 0, 0]
    const state = {
      revision: () => {
        looks += 1
        return Promise.resolve(revision)
      },
    } as unknown as StateStore
    const control = new Control(
      state,
      false,
      () => {
        taken += 1
        return Promise.resolve()
      },
      { debug: quiet, info: quiet, warn: quiet, error: quiet }
    )
    control.start()
    try {
      await eventually(() => looks >= 2)
      expect(taken).to.equal(1)
      revision = 8
      await eventually(() => taken === 2)
    } finally {
      await control.stop()
    }
  })
})
