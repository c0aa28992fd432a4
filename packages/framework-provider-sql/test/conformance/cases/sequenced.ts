import type { ReadModelInterface, UUID } from '@boostercloud/framework-types'
import { expect } from 'chai'
import type { Bench } from '../bench'
import type { ConformanceCase } from '../conformance-case'
import { eventually } from '../../../../streamers/test/support/eventually'

const MONTHS = ['2026-01', '2026-02', '2026-03']

export const sequencedCases: readonly ConformanceCase[] = [
  {
    name: 'sequenced_read_model_has_a_row_for_each_key',
    asserts: 'a read model with a sequence key is fetched by its id as all of its rows, in the order of the key',
    async run(bench) {
      const id = await measured(bench)
      await eventually(
        async () => (await rows(bench, id)).length === MONTHS.length,
        async () => rows(bench, id),
        5_000
      )
      expect(await rows(bench, id)).to.deep.equal(MONTHS)
    },
  },
  {
    name: 'sequenced_read_model_is_fetched_by_its_key',
    asserts: 'with the sequence key, one row is fetched, or none',
    async run(bench) {
      const id = await measured(bench)
      await eventually(
        async () => (await rows(bench, id, '2026-02')).length === 1,
        async () => rows(bench, id),
        5_000
      )
      expect(await rows(bench, id, '2026-02')).to.deep.equal(['2026-02'])
      expect(await rows(bench, id, '1999-01')).to.deep.equal([])
    },
  },
]

/** Three measures of one sensor, not in the order of their time. */
async function measured(bench: Bench): Promise<string> {
  const sensorId = bench.unique('sensor')
  for (const at of ['2026-02', '2026-01', '2026-03']) {
    const value = { measureId: bench.unique('measure'), sensorId, at }
    await bench.store(bench.event({ entity: 'Measure', type: 'Measured', id: value.measureId, value }))
  }
  return sensorId
}

async function rows(bench: Bench, id: string, at?: string): Promise<string[]> {
  const key = at === undefined ? undefined : { name: 'at', value: at as UUID }
  const found = await bench.provider.readModels.fetch(bench.config, 'Measurement', id as UUID, key)
  const there = [...(found ?? [])] as (ReadModelInterface | undefined)[]
  return there.flatMap((each) => (each ? [each.at as string] : []))
}
