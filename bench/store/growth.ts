import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { summarise } from '../measure/statistics'
import type { Row, Table } from '../report/report'
import { withApp } from './booster-app'
import type { StoreContender } from './contenders'
import type { StorePlace } from './place'

/** The command path with more and more events stored. */
export async function growth(place: StorePlace): Promise<Table> {
  const { extent, ours } = place
  const rows: Row[] = []
  for (const contender of ours) rows.push(await grown(contender, place))
  return {
    id: 'growth',
    title: 'Commands, the more is stored',
    about: `Commands answered a second by ${extent.callers} callers on ${extent.entities} entities, the last ${extent.window} before so many events are stored. What comes before them is stored many events with a command.`,
    columns: extent.sizes.map((size) => ({
      key: String(size),
      title: `at ${size.toLocaleString('en')}`,
      better: 'more',
    })),
    rows,
  }
}

async function grown(contender: StoreContender, { extent, say }: StorePlace): Promise<Row> {
  const { sizes, window, callers, entities } = extent
  const figures: Record<string, Row['figures'][string]> = {}
  let wrong = 0
  await withApp(contender, async ({ service }) => {
    let stored = 0
    for (const size of sizes) {
      if (size - window > stored) {
        await service.call('fill', size - window - stored, callers, entities)
        // What the filling has left to the system is written to the disk before anything is measured.
        await promisify(execFile)('sync')
      }
      const passed = await service.call('pass', window, callers, entities)
      stored = size
      wrong += passed.wrong
      figures[String(size)] = summarise([passed.answered])
      say(`store, growth: ${contender.title} at ${size}: ${Math.round(passed.answered)} commands/s`)
    }
  })
  return {
    system: contender.title,
    ours: true,
    figures,
    void: wrong === 0 ? undefined : `${wrong} read models do not say what their events say`,
  }
}
