import '../support/environment'
import { expect } from 'chai'
import { eventually } from '../../../streamers/test/support/eventually'
import { CountingApp } from '../support/counting-app'
import type { CountingProcess, ProcessOptions } from '../support/counting-app'

const LIMIT_MS = 120_000
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

for (const [core, newerCore] of [
  ['2.10', false],
  ['4', true],
] as const) {
  describe(`the dispatch of stored events, on a core as that of Booster ${core}`, function () {
    this.timeout(LIMIT_MS)
    suite(newerCore)
  })
}

function suite(newerCore: boolean): void {
  let app: CountingApp
  before(async () => {
    app = await CountingApp.build()
  })
  afterEach(async () => app.reset())
  after(async () => app?.remove())
  const load = async (): Promise<CountingProcess> => app.load({ newerCore })
  const start = async (options: ProcessOptions = {}): Promise<CountingProcess> => app.start({ ...options, newerCore })

  it('loses nothing where the process is killed while handlers run', async () => {
    const first = await start({ held: numbers(20) })
    for (const step of numbers(20)) await first.store([`counter-${step % 4}`, step])
    await first.kill()

    const second = await start()
    await untilNoted(second, 'counter-1', [1, 5, 9, 13, 17])
    for (const id of numbers(4)) {
      const steps = numbers(20).filter((step) => step % 4 === id)
      await untilNoted(second, `counter-${id}`, steps)
      expect(await second.seen(`counter-${id}`)).to.deep.equal(steps)
    }
    expect(await second.health()).to.deep.include({ waiting: 0, count: 40 })
  })

  it('takes up what a process has stored that is no service', async () => {
    const service = await start()
    const script = await load()
    await script.store(['counter', 1])
    await untilNoted(service, 'counter', [1])
  })

  it('tries a handler that throws again, holds the handlers of later events back, and nothing else', async () => {
    const service = await start({ failing: [[2, 3]] })
    await service.store(['one', 1], ['one', 2], ['one', 3], ['other', 4])
    await untilNoted(service, 'other', [4])
    await eventually(async () => (await service.seen('one')).length === 3)
    await untilNoted(service, 'one', [1, 2, 3])
    expect(await service.health()).to.deep.include({ waiting: 0, failing: 0, count: 8 })
  })

  it('tells of what fails, and stores nothing of what it registered', async () => {
    const service = await start({ failing: [[1, 1_000]] })
    await service.store(['one', 1])
    await eventually(async () => (await service.health()).failing === 1)
    expect(await service.noted('one')).to.deep.equal([])
    expect(await service.seen('one')).to.deep.equal([1])
  })

  it('runs the handlers of an entity one after the other, so that what they register is in its order', async () => {
    const service = await start({ failing: [[9, 1]] })
    await service.store(...numbers(12).map((step): [string, number] => ['one', step]))
    await untilNoted(service, 'one', numbers(12))
    expect(await service.seen('one')).to.deep.equal(numbers(12))
  })

  it('gives a throwing handler up where the options say so', async () => {
    const service = await start({ failing: [[1, 1]], sqlProvider: { onHandlerError: 'log' } })
    await service.store(['one', 1])
    await service.store(['one', 2])
    await untilNoted(service, 'one', [2])
    expect(await service.health()).to.deep.include({ waiting: 0, failing: 0 })
  })

  it('is awaited where the options say so, with all that comes of it', async () => {
    const service = await start({ sqlProvider: { dispatch: 'awaited' } })
    for (const step of numbers(10)) {
      await service.store(['one', step])
      expect(await service.seen('one')).to.deep.equal(numbers(step + 1))
      const total = await service.ask<{ counts: object }>({ do: 'view', type: 'Total', id: 'total' })
      expect(total.counts).to.deep.equal({ 'note-of-one': step + 1 })
    }
  })

  it('is one service process at a time on a SQLite file; what another one stores there is not lost', async () => {
    const first = await start()
    const second = await load()
    const refused = await second.ask({ do: 'start' }).catch((error: Error) => error.message)
    expect(refused).to.match(/STORAGE_BUSY.*counting.*Stop that process/s)

    const steps = numbers(10)
    const fill = async (process: CountingProcess, id: string): Promise<void> => {
      for (const step of steps) await process.store([id, step])
    }
    await Promise.all([fill(first, 'one'), fill(second, 'two')])
    for (const id of ['one', 'two']) await untilNoted(first, id, steps)
    await first.kill()
    await second.ask({ do: 'start' })
    await fill(second, 'three')
    for (const id of ['one', 'two', 'three']) await untilNoted(second, id, steps)
  })
}

async function untilNoted(service: CountingProcess, id: string, steps: readonly number[]): Promise<void> {
  await eventually(
    async () => (await service.noted(id)).length >= steps.length,
    async () => ({ noted: await service.noted(id), health: await service.health() }),
    60_000
  )
  expect(await service.noted(id)).to.deep.equal(steps)
}
