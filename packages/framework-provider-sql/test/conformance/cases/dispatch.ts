import { expect } from 'chai'
import type { Bench } from '../bench'
import type { ConformanceCase } from '../conformance-case'
import { atOneInstant } from '../at-one-instant'
import { eventually } from '../../../../streamers/test/support/eventually'
import { numbers } from '../numbers'

const CALLERS = 20
const EACH = 10

export const dispatchCases: readonly ConformanceCase[] = [
  {
    name: 'dispatch_makes_the_read_model',
    asserts: 'what is stored reaches the read model',
    async run(bench) {
      const id = bench.unique('counter')
      await bench.store(bench.step(id, 7, 'seen'))
      await untilCount(bench, id, 1)
      expect(await bench.get('CounterView', id)).to.deep.include({ id, count: 1, steps: [7], label: 'seen' })
    },
  },
  {
    name: 'dispatch_runs_handlers_in_the_order_of_an_entity',
    asserts: 'what a handler registers for the events of one entity is in their order, none missing',
    async run(bench) {
      const id = bench.unique('counter')
      for (const step of numbers(50)) await bench.store(bench.step(id, step, 'noted'))
      const notes = async (): Promise<number[]> => {
        const events = await bench.provider.events.forEntitySince(bench.config, 'Note', `note-of-${id}`)
        return events.map(({ value }) => (value as unknown as { step: number }).step)
      }
      await eventually(async () => (await notes()).length >= 50, notes, 30_000)
      expect(await notes()).to.deep.equal(numbers(50))
    },
  },
  {
    name: 'dispatch_of_many_callers_on_one_entity',
    asserts:
      'an entity on which many store in one millisecond ends with every event, each once, in the order of the store',
    async run(bench) {
      const id = bench.unique('counter')
      const caller = async (first: number): Promise<void> => {
        for (const step of numbers(EACH)) await bench.store(bench.step(id, first * EACH + step))
      }
      await atOneInstant(async () => Promise.all(numbers(CALLERS).map(caller)))
      await untilCount(bench, id, CALLERS * EACH, 10_000)
      expect((await bench.get('CounterView', id))?.steps).to.deep.equal(await bench.steps(id))
    },
  },
  {
    name: 'dispatch_of_many_entities_at_once',
    asserts: 'the read models of entities that are stored to at once all follow',
    async run(bench) {
      const ids = numbers(100).map(() => bench.unique('counter'))
      await Promise.all(ids.map((id, step) => bench.store(bench.step(id, step))))
      for (const id of ids) await untilCount(bench, id, 1)
    },
  },
]

async function untilCount(bench: Bench, id: string, count: number, limitMs = 30_000): Promise<void> {
  await eventually(
    async () => (await bench.get('CounterView', id))?.count === count,
    async () => ({ wanted: count, view: await bench.get('CounterView', id) }),
    limitMs
  )
}
