import { expect } from 'chai'
import { RunGate } from '../../src/receive'
import type { Pass } from '../../src/receive'
import { eventually } from '../support/eventually'

const PATIENCE = { besideMs: 60, aloneMs: 40, longestAloneMs: 1_000 }
const FOREVER = { besideMs: 60_000, aloneMs: 60_000, longestAloneMs: 60_000 }

/** Where a run is let in. */
function entering(asked: Pass | Promise<Pass>): { pass?: Pass } {
  const entry: { pass?: Pass } = {}
  if (!(asked instanceof Promise)) entry.pass = asked
  else void asked.then((pass) => (entry.pass = pass))
  return entry
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))

describe('the gate of handler runs', () => {
  it('lets runs in beside each other at once', () => {
    const gate = new RunGate(FOREVER)
    expect([gate.beside(), gate.beside()].map((pass) => pass instanceof Promise)).to.deep.equal([false, false])
  })

  it('lets one in alone when the others have ended, and the others again when it has', async () => {
    const gate = new RunGate(FOREVER)
    const before = gate.beside() as Pass
    const suspect = entering(gate.byItself(0))
    const after = entering(gate.beside())
    await turn()
    expect([suspect.pass, after.pass]).to.deep.equal([undefined, undefined])
    before.leave()
    await turn()
    expect([suspect.pass?.isAlone, after.pass]).to.deep.equal([true, undefined])
    suspect.pass?.leave()
    await turn()
    expect(after.pass?.isAlone).to.equal(false)
  })

  it('lets one in alone after another', async () => {
    const gate = new RunGate(FOREVER)
    const suspects = [0, 0].map((slow) => entering(gate.byItself(slow)))
    await turn()
    expect(suspects.map(({ pass }) => pass?.isAlone)).to.deep.equal([true, undefined])
    suspects[0].pass?.leave()
    await turn()
    expect(suspects[1].pass?.isAlone).to.equal(true)
  })

  it('lets in first those that were never too slow, so that one behind a run that hangs has its turn alone', async () => {
    const gate = new RunGate(FOREVER)
    const [slow, quick] = [1, 0].map((times) => entering(gate.byItself(times)))
    await turn()
    expect([slow.pass, quick.pass?.isAlone]).to.deep.equal([undefined, true])
  })

  it('does not wait for a run that hangs, and says that what it lets in is not alone', async () => {
    const gate = new RunGate(PATIENCE)
    void gate.beside()
    const suspect = entering(gate.byItself(0))
    await eventually(() => suspect.pass !== undefined)
    expect(suspect.pass?.isAlone).to.equal(false)
  })

  it('lets others in beside one that hangs alone, and not before that is written', async () => {
    const gate = new RunGate(PATIENCE)
    const pass = await gate.byItself(0)
    let written = (): void => undefined
    let isAsked = false
    pass.onCompany = () => {
      isAsked = true
      return new Promise((resolve) => (written = resolve))
    }
    const other = entering(gate.beside())
    await eventually(() => isAsked)
    await turn()
    expect(other.pass).to.equal(undefined)
    written()
    await eventually(() => other.pass !== undefined)
  })

  it('lets one be alone for as long as nobody waits', async () => {
    const gate = new RunGate({ ...PATIENCE, aloneMs: 1 })
    const pass = await gate.byItself(0)
    let isAsked = false
    pass.onCompany = async () => void (isAsked = true)
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(isAsked).to.equal(false)
    pass.leave()
    expect(gate.beside()).not.to.be.instanceOf(Promise)
  })

  it('lets others in when a run alone is given up on', async () => {
    const gate = new RunGate(FOREVER)
    const pass = await gate.byItself(0)
    const other = entering(gate.beside())
    pass.open()
    await turn()
    expect(other.pass?.isAlone).to.equal(false)
  })
})
