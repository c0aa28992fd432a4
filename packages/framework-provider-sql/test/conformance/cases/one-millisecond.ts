import { expect } from 'chai'
import type { ReadModelInterface, UUID } from '@boostercloud/framework-types'
import { atOneInstant } from '../at-one-instant'
import type { Bench } from '../bench'
import type { ConformanceCase } from '../conformance-case'
import { eventually } from '../../../../streamers/test/support/eventually'
import { numbers } from '../numbers'

const EVENTS = 500

export const oneMillisecondCases: readonly ConformanceCase[] = [
  {
    name: 'one_millisecond_keeps_the_order_of_a_batch',
    asserts: '500 events that are stored on one entity in one call come back in their order',
    async run(bench) {
      const id = bench.unique('counter')
      await atOneInstant(async () => bench.store(...numbers(EVENTS).map((step) => bench.step(id, step))))
      expect(await bench.steps(id)).to.deep.equal(numbers(EVENTS))
    },
  },
  {
    name: 'one_millisecond_keeps_the_order_of_calls',
    asserts: '500 events that are stored on one entity in one millisecond, call after call, come back in their order',
    async run(bench) {
      const id = bench.unique('counter')
      await stepByStep(bench, id)
      expect(await bench.steps(id)).to.deep.equal(numbers(EVENTS))
    },
  },
  {
    name: 'one_millisecond_has_a_before_and_an_after',
    asserts: 'since the time of any of 500 events of one millisecond, exactly those after it are given',
    async run(bench) {
      const id = bench.unique('counter')
      await stepByStep(bench, id)
      const events = await bench.provider.events.forEntitySince(bench.config, 'Counter', id as UUID)
      for (const index of [0, 1, 249, 498, 499]) {
        expect(await bench.steps(id, events[index]?.createdAt)).to.deep.equal(numbers(EVENTS).slice(index + 1))
      }
    },
  },
  {
    name: 'one_millisecond_loses_no_update',
    asserts: 'an entity and its read model have all of 500 events of one millisecond, in their order',
    async run(bench) {
      const id = bench.unique('counter')
      await stepByStep(bench, id)
      await eventually(
        async () => isThrough(await bench.get('CounterView', id)),
        async () => bench.get('CounterView', id),
        30_000
      )
      const view = await bench.get('CounterView', id)
      const snapshot = await bench.provider.events.latestEntitySnapshot(bench.config, 'Counter', id as UUID)
      expect(view?.steps).to.deep.equal(numbers(EVENTS))
      expect((snapshot?.value as unknown as { steps: number[] }).steps).to.deep.equal(numbers(EVENTS))
    },
  },
]

/** Whether all events are in it, or as many versions of it were made: then nothing more comes. */
function isThrough(view: ReadModelInterface | undefined): boolean {
  return view?.count === EVENTS || (view?.boosterMetadata?.version ?? 0) >= EVENTS
}

/** Each event waits for the one before it, as the commands of one user do. */
async function stepByStep(bench: Bench, id: string): Promise<void> {
  await atOneInstant(async () => {
    for (const step of numbers(EVENTS)) await bench.store(bench.step(id, step))
  })
}
