import { strict as assert } from 'node:assert'
import { join } from 'node:path'
import type { Bench } from '../../bench/bench'
import type { ConformanceCase } from '../../harness/conformance-case'
import { probes, range } from '../../bench/probe'
import type { Consumer } from '../../services/consumer'
import { Journal } from '../../services/journal'
import { consume, openState } from '../../services/on-bench'
import { OtherService } from '../../services/other-service'
import type { ServiceOrder } from '../../services/other-service'
import { until } from '../../bench/within'

const room = 'failure'
const COUNT = 10

/** A service in another process that is given ten events of one key, and what it and its successor share. */
class Chain {
  private constructor(
    private readonly bench: Bench,
    private readonly topic: string,
    private readonly folder: string,
    public readonly journal: Journal,
    public readonly first: OtherService
  ) {}

  public static async start(bench: Bench, own: Pick<ServiceOrder, 'dieAt' | 'handlerMs'>): Promise<Chain> {
    const [topic, folder] = [await bench.topic(), await bench.folder()]
    const file = join(folder, 'journal')
    const known = await bench.reader(topic)
    await bench.close(known.connector)
    await bench.publish(bench.open(), probes('entity-1', COUNT), topic)
    const first = OtherService.start(bench, { ...own, topic, folder, journal: file })
    return new Chain(bench, topic, folder, new Journal(file), first)
  }

  /** The service that begins on what the first one left. */
  public async successor(): Promise<Consumer> {
    const { bench, topic, folder, journal } = this
    const service = await consume(bench, { topic, journal, state: await openState(bench, folder) })
    await service.until(() => journal.of('effect').length >= COUNT, 'All effects')
    await service.anotherPoll()
    await service.atRest()
    return service
  }
}

/** What becomes of a service's work when its process ends. */
export const failureProcessCases: readonly ConformanceCase[] = [
  {
    name: 'handled_after_crash',
    room,
    asserts:
      'What a service was at when it died as by kill -9 is handled by the next one, and what it had finished is not handled again.',
    needs: ['poll', 'capabilities.ordering', 'harness.inOtherProcess'],
    async run(bench) {
      const chain = await Chain.start(bench, { dieAt: 4, handlerMs: 0 })
      await chain.first.ended({ signal: 'SIGKILL' })
      assert.deepEqual(chain.journal.numbers('effect', 'entity-1'), range(0, 4), 'effects before it died')
      await chain.successor()
      assert.deepEqual(chain.journal.numbers('effect', 'entity-1'), range(0, COUNT), 'effects in all')
      const runs = chain.journal.numbers('run', 'entity-1')
      assert.deepEqual(runs, [...range(0, 5), ...range(4, COUNT)], 'runs in all')
    },
  },
  {
    name: 'drain_on_sigterm',
    room,
    asserts:
      'A service that is drained while a handler runs finishes it, ends by itself, and leaves nothing that is handled again.',
    needs: ['poll', 'capabilities.ordering', 'harness.inOtherProcess'],
    async run(bench) {
      const chain = await Chain.start(bench, { handlerMs: 50 })
      await until(
        bench.limitMs,
        async () => chain.journal.of('run').length >= 3,
        () => 'Runs of the service in another process'
      )
      chain.first.signal('SIGTERM')
      await chain.first.ended({ code: 0 })
      const runs = chain.journal.numbers('run', 'entity-1')
      assert.deepEqual(
        chain.journal.numbers('effect', 'entity-1'),
        runs,
        'what ran when it was told to end took effect'
      )
      await chain.successor()
      assert.deepEqual(chain.journal.numbers('run', 'entity-1'), range(0, COUNT), 'runs in all')
    },
  },
]
