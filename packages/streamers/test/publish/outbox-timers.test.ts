import { join } from 'node:path'
import { expect } from 'chai'
import { Outbox } from '../../src/publish'
import { openEmbeddedState } from '../../src/state'
import type { StateChange, Timer } from '../../src/state'
import { inTempFolder } from '../support/temp-folder'

const timer = (id: string): Timer => ({
  handler: 'app',
  name: 'reminder',
  id,
  dueAt: 1,
  setAt: 0,
  content: new Uint8Array([1]),
})
const set = (id: string): StateChange => ({ do: 'set-timer', timer: timer(id) })
const cancel: StateChange = { do: 'cancel-timer', handler: 'app', name: 'reminder' }

/** Which timer there is after a store failed, given what was there, what was to change, and what another command set meanwhile. */
async function afterFailure(
  before: string[],
  changes: StateChange[],
  meanwhile: string[]
): Promise<string | undefined> {
  let found: string | undefined
  await inTempFolder(async (folder) => {
    const state = await openEmbeddedState(join(folder, 'state'))
    const outbox = new Outbox({ state, owner: 'me', addressesOf: () => [], wake: () => undefined, now: Date.now })
    try {
      await state.commit(before.map(set))
      const failing = async (): Promise<never> => {
        await state.commit(meanwhile.map(set))
        throw new Error('It is not stored.')
      }
      const error: unknown = await outbox.store([], failing, undefined, changes).catch((thrown: unknown) => thrown)
      expect(String(error)).to.contain('It is not stored.')
      found = (await state.timer('app', 'reminder'))?.id
    } finally {
      await state.close()
    }
  })
  return found
}

describe('timers of events that cannot be stored', () => {
  it('are as they were before', async () => {
    expect(await afterFailure([], [set('mine')], [])).to.equal(undefined)
    expect(await afterFailure(['before'], [set('mine')], [])).to.equal('before')
    expect(await afterFailure(['before'], [cancel], [])).to.equal('before')
    expect(await afterFailure(['before'], [cancel, set('mine')], [])).to.equal('before')
    expect(await afterFailure(['before'], [set('mine'), set('mine too')], [])).to.equal('before')
  })

  it('stay as another command has set them meanwhile', async () => {
    expect(await afterFailure(['before'], [set('mine')], ['another'])).to.equal('another')
    expect(await afterFailure(['before'], [cancel], ['another'])).to.equal('another')
  })
})
