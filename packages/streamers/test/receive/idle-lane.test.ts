import { expect } from 'chai'
import { eventually } from '../support/eventually'
import { gate } from '../support/gate'
import { TestEffects, receiving } from '../support/receiving'
import { headOf } from '../support/records'

describe('a lane that has become idle', () => {
  it('leaves alone the lane that took its place, although its own timer comes later', () =>
    receiving(async (side) => {
      const ran: string[] = []
      const held = gate()
      const effects = new TestEffects(async ({ key, n }) => {
        ran.push(`${key}${n}`)
        if (n === 0) throw new Error('parked for a while')
        if (n === 2) await held.opened
        return []
      })
      const state = await side.state()
      const retry = { attempts: 9, firstDelayMs: 800, factor: 1, maxDelayMs: 800, jitter: 0 }
      const receiver = await side.receive({ effects, state, links: [side.link({ retry })] })
      const lane = { address: 'log/notes', handler: 'Handler', key: 'k' }

      await side.publish([{ key: 'k', n: 0 }])
      await eventually(async () => (await headOf(state, lane)) !== undefined)
      const head = await headOf(state, lane)
      await state.commit([{ do: 'unpark', place: head?.place as number }])
      await receiver.refresh()
      await side.publish([{ key: 'k', n: 1 }])
      await eventually(async () => ran.includes('k1') && (await headOf(state, lane)) === undefined)
      await side.publish([{ key: 'k', n: 2 }])
      await eventually(() => ran.includes('k2'))
      await eventually(() => Date.now() > (head?.dueAt as number) + 100)
      await side.publish([
        { key: 'k', n: 3 },
        { key: 'z', n: 9 },
      ])
      await eventually(() => ran.includes('z9'))
      const ranAtOnce = ran.includes('k3')
      held.open()
      expect(ranAtOnce).to.equal(false)
      await eventually(() => ran.includes('k3'))
    }))
})
