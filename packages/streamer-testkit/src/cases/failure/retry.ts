import { strict as assert } from 'node:assert'
import type { ConformanceCase } from '../../harness/conformance-case'
import { probes, range } from '../../bench/probe'
import { consume, gate, openState } from '../../services/on-bench'
import { Journal } from '../../services/journal'
import { linkTo } from '../../services/parts'

const room = 'failure'

/** Milliseconds by which a timer may be early. */
const EARLY_MS = 3

/** How failures are tried again. */
export const failureRetryCases: readonly ConformanceCase[] = [
  {
    name: 'retry_backs_off',
    room,
    asserts: 'A handler that fails is run again after growing delays, up to the longest one, and takes effect once.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const retry = { attempts: 4, firstDelayMs: 50, factor: 2, maxDelayMs: 120, jitter: 0 }
      let failures = 3
      const service = await consume(bench, {
        topic,
        links: [linkTo(topic, { retry })],
        handle: () => {
          failures -= 1
          if (failures >= 0) throw new Error('not yet')
        },
      })
      const { journal } = service
      await bench.publish(bench.open(), probes('entity-1', 1), topic)
      await service.until(() => journal.of('effect').length > 0, 'An effect after three failures')
      const times = journal.of('run').map(({ at }) => at)
      const gaps = times.slice(1).map((at, i) => at - (times[i] as number))
      assert.equal(times.length, 4, 'runs')
      for (const [i, delay] of [50, 100, 120].entries()) {
        assert.ok((gaps[i] as number) >= delay - EARLY_MS, `the delays were ${gaps.join(', ')} ms`)
      }
      await service.atRest()
      assert.equal(journal.of('effect').length, 1, 'effects')
    },
  },
  {
    name: 'attempts_survive_restart',
    room,
    asserts: 'How often a handler has failed is known after a restart: it is given up after as many runs in all.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const wanted = {
        topic,
        state: await openState(bench),
        journal: new Journal(),
        links: [linkTo(topic, { retry: { attempts: 5, firstDelayMs: 60, factor: 1, maxDelayMs: 60, jitter: 0 } })],
        handle: () => {
          throw new Error('never')
        },
      }
      const runs = (): number => wanted.journal.of('run').length
      const first = await consume(bench, wanted)
      await bench.publish(bench.open(), probes('entity-1', 1), topic)
      await first.until(() => runs() >= 2, 'A second run')
      await first.stop()
      const before = runs()
      assert.ok(before < 5, `it was run ${before} times before the restart`)
      const second = await consume(bench, wanted)
      await second.until(async () => (await second.state.counts()).deadLetters === 1 || runs() > 5, 'A dead letter')
      assert.equal(runs(), 5, 'runs in all')
    },
  },
  {
    name: 'ack_after_handler',
    room,
    asserts: 'While a handler is at an event, the event is not settled: a service that starts again is given it again.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const journal = new Journal()
      const held = gate(bench)
      const connector = bench.open()
      const wanted = { topic, journal, state: await openState(bench), handle: () => held.opened }
      const first = await consume(bench, { ...wanted, connector })
      await bench.publish(bench.open(), probes('entity-1', 1), topic)
      await first.until(() => journal.of('run').length === 1, 'A run')
      await first.anotherPoll()
      await bench.close(connector)
      await consume(bench, wanted)
      await first.until(() => journal.of('run').length === 2, 'The same event, handed to the service that began anew')
      held.open()
      await first.until(() => journal.of('effect').length > 0, 'An effect')
      assert.deepEqual(journal.numbers('effect', 'entity-1'), range(0, 1), 'it took effect once')
    },
  },
]
