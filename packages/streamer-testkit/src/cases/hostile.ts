import { AssertionError, strict as assert } from 'node:assert'
import { isHealthReporting } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { Bench } from '../bench/bench'
import type { ConformanceCase } from '../harness/conformance-case'
import { GOOD, assertEachOnce, isGood, publishAmongGood } from '../hostile/among-good'
import type { Published } from '../hostile/among-good'
import { hostileRecords } from '../hostile/corpus'
import { lookalikes } from '../hostile/lookalikes'
import type { OpenConnector } from '../bench/open-connector'
import { numbers, range } from '../bench/probe'
import type { Reader } from '../bench/reader'
import { consume } from '../services/on-bench'
import { linkTo } from '../services/parts'

const ONCE = { attempts: 1, firstDelayMs: 0, factor: 1, maxDelayMs: 0, jitter: 0 }

/** How many hostile records there are between two good ones where it is not asked which of them does harm. */
const A_FEW = 8

/** Everything that was published. No poll may reject: whoever polls again would get the same record again. */
async function readAll(bench: Bench, reader: Reader, { good, hostile }: Published): Promise<readonly ExternalEvent[]> {
  const received: ExternalEvent[] = []
  const [expected, end] = [good + hostile.length, Date.now() + bench.limitMs]
  for (;;) {
    const events = await reader.poll().catch((thrown: unknown) => {
      throw new AssertionError({ message: `poll() rejects ${behind(received, hostile)}: ${String(thrown)}` })
    })
    received.push(...events)
    if (events.length === 0 && received.length >= expected) return received
    assert.ok(Date.now() < end, `${received.length} of ${expected} events ${behind(received, hostile)}`)
    if (events.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** The record behind the last good event: most likely it is the one that stops what follows. */
function behind(received: readonly ExternalEvent[], hostile: Published['hostile']): string {
  const next = numbers(received.filter(isGood)).length
  return `around the record '${hostile[Math.max(0, next - 1)]?.name}'`
}

function assertGood(bench: Bench, seen: readonly number[], { good }: Published): void {
  const isOrdered = bench.capabilities.ordering === 'key' || bench.capabilities.ordering === 'topic'
  const arrived = isOrdered ? seen : [...seen].sort((a, b) => a - b)
  assert.deepEqual(arrived, range(0, good), `the good events, once${isOrdered ? ', in order' : ''}`)
}

async function assertHealthy(connector: OpenConnector): Promise<void> {
  if (!isHealthReporting(connector)) return
  const { healthy, details } = await connector.health()
  assert.ok(healthy, `health() of a connector that reads: ${JSON.stringify(details)}`)
}

/** That records of strangers stop nothing, when they are polled. */
export const hostileWireCases: readonly ConformanceCase[] = [
  {
    name: 'hostile_records_stop_nothing',
    room: 'wire',
    asserts:
      'Records that nobody expects each become one event, or one that is undecodable; the good ones between them arrive once, and no poll rejects.',
    needs: ['poll', 'harness.publishRaw'],
    async run(bench) {
      const topic = await bench.topic()
      const reader = await bench.reader(topic)
      const published = await publishAmongGood(bench, topic, hostileRecords())
      const received = await readAll(bench, reader, published)
      assertGood(bench, numbers(received.filter(isGood)), published)
      assertEachOnce(
        received.filter((event) => !isGood(event)),
        published
      )
      if (bench.capabilities.position !== undefined)
        assert.equal(new Set(received.map(({ eventId }) => eventId)).size, received.length, 'each has an eventId')
      assert.equal(({} as { polluted?: boolean }).polluted, undefined, "Object's prototype is untouched")
      await assertHealthy(reader.connector)
    },
  },
]

/** The same, as a service sees it. */
export const hostileFailureCases: readonly ConformanceCase[] = [
  {
    name: 'hostile_records_are_dead_letters',
    room: 'failure',
    asserts:
      'Of records that nobody expects, a service makes one dead letter of each that is undecodable, and handles the others and all good events once.',
    needs: ['poll', 'harness.publishRaw'],
    async run(bench) {
      const topic = await bench.topic()
      const connector = bench.open()
      const service = await consume(bench, { topic, connector, links: [linkTo(topic, { retry: ONCE })] })
      const published = await publishAmongGood(bench, topic, [...hostileRecords(), ...lookalikes()], A_FEW)
      const { journal, state, handedOut } = service
      const good = (): number[] => journal.numbers('effect', GOOD)
      await service.until(
        () => good().length >= published.good,
        `The good events, of which ${good().length} are handled,`
      )
      await service.atRest()
      assertGood(bench, good(), published)
      const undecodable = handedOut.filter(({ metadata }) => metadata?.undecodable !== undefined).length
      const letters = await state.deadLetters(handedOut.length + 1)
      assert.equal(letters.length, undecodable, 'dead letters')
      assert.ok(
        letters.every(({ cause }) => cause?.code !== undefined),
        'a dead letter says why'
      )
      const others = journal.of('run').filter(({ entity }) => entity !== GOOD)
      assert.equal(others.length + letters.length, published.hostile.length, 'what became of the records')
      await assertHealthy(connector)
    },
  },
]
