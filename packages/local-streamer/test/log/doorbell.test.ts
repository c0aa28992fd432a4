import { expect } from 'chai'
import { mkdirSync } from 'node:fs'
import { Doorbell } from '../../src/log/doorbell'
import { useTemporary } from '../support/temporary'

const FOREVER_MS = 15_000

describe('Doorbell', () => {
  const { path } = useTemporary()
  let bells: Doorbell[] = []

  function doorbell(name = 'doorbell'): Doorbell {
    const bell = new Doorbell(path(name))
    bells.push(bell)
    return bell
  }

  async function waitOf(rung: Promise<void>): Promise<number> {
    const started = performance.now()
    await rung
    return performance.now() - started
  }

  afterEach(() => {
    for (const bell of bells) bell.close()
    bells = []
  })

  it('is heard through the file by another one, without any other wake-up', async () => {
    const [one, other] = [doorbell(), doorbell()]
    expect([one.works, other.works]).to.deep.equal([true, true])
    for (let n = 0; n < 5; n++) {
      const waits = [waitOf(one.rung(FOREVER_MS)), waitOf(one.rung(FOREVER_MS))]
      other.ring()
      for (const waited of await Promise.all(waits)) expect(waited).to.be.below(FOREVER_MS / 3)
    }
  })

  it('lets go when the time is over, and everybody at close', async () => {
    const bell = doorbell()
    // That its file was made, a bell may hear as a ring, a little later on a busy machine.
    const waits: number[] = []
    for (let n = 0; n < 5; n++) waits.push(await waitOf(bell.rung(20)))
    expect(Math.max(...waits))
      .to.be.at.least(19)
      .and.below(FOREVER_MS / 3)
    const waiting = waitOf(bell.rung(FOREVER_MS))
    bell.close()
    bell.close()
    expect(await waiting).to.be.below(FOREVER_MS / 3)
    await bell.rung(FOREVER_MS)
  })

  it('is only a hint: where there can be no bell, nothing fails', async () => {
    mkdirSync(path('readonly'))
    const bell = doorbell('missing/doorbell')
    expect(bell.works).to.equal(false)
    const waiting = waitOf(bell.rung(FOREVER_MS))
    bell.ring()
    expect(await waiting).to.be.below(FOREVER_MS / 3)
  })
})
