import { strict as assert } from 'node:assert'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { ParkedEvent, StateChange, StateStore } from '@boostercloud/streamers/state'
import type { ConformanceCase } from '../../harness/conformance-case'
import { Probe, probeWith, probes, range } from '../../bench/probe'
import type { Consumer } from '../../services/consumer'
import { loadCore } from '../../services/core'
import { Journal } from '../../services/journal'
import { consume, openState } from '../../services/on-bench'
import { linkTo } from '../../services/parts'

const room = 'failure'
const ONCE = { attempts: 1, firstDelayMs: 0, factor: 1, maxDelayMs: 0, jitter: 0 }

/** The one dead letter of a service, when it is there. */
async function deadLetter(service: Consumer): Promise<ParkedEvent> {
  await service.until(async () => (await service.state.counts()).deadLetters > 0, 'A dead letter')
  const letters = await service.state.deadLetters(10)
  assert.equal(letters.length, 1, 'dead letters')
  return letters[0] as ParkedEvent
}

/** That an event was kept as it arrived elsewhere: payload, key, header and bytes. */
function assertKept({ eventPayload, metadata = {} }: ExternalEvent, arrived: ExternalEvent): void {
  assert.deepEqual({ ...(eventPayload as object) }, { entity: 'entity-1', n: 7, text: 'żółć' }, 'the payload')
  assert.equal(metadata.headers?.['x-tenant'], 'acme', 'a header')
  assert.equal(metadata.key, 'entity-1', 'the key')
  assert.ok(metadata.raw && metadata.raw.length > 0, 'the bytes')
  assert.deepEqual(Buffer.from(metadata.raw), Buffer.from(arrived.metadata?.raw ?? []), 'the bytes as they came')
}

/** A state that can write no dead letter. */
function withoutDeadLetters(state: StateStore, onRefusal: () => void): StateStore {
  const isDead = (change: StateChange): boolean =>
    (change.do === 'park' || change.do === 'repark') && change.event.state === 'dead'
  return Object.create(state, {
    commit: {
      value: async (changes: readonly StateChange[]): Promise<void> => {
        if (!changes.some(isDead)) return state.commit(changes)
        onRefusal()
        throw new Error('the disk is full')
      },
    },
  }) as StateStore
}

/** What becomes of an event that is given up. */
export const failureDeadLetterCases: readonly ConformanceCase[] = [
  {
    name: 'dead_letter_has_cause_and_bytes',
    room,
    asserts:
      'A dead letter has the cause, the count, handler and address, and the bytes, key and headers as they came.',
    needs: ['poll'],
    async run(bench) {
      const { unpackEvent } = await loadCore()
      const topic = await bench.topic()
      const service = await consume(bench, {
        topic,
        links: [linkTo(topic, { retry: { ...ONCE, attempts: 2 } })],
        handle: () => {
          throw new TypeError('what the handler says')
        },
      })
      const witness = await bench.reader(topic, { appName: `${bench.appName}-witness` })
      const event = probeWith({ id: 'event-1', headers: { 'x-tenant': 'acme' } }, new Probe('entity-1', 7, 'żółć'))
      await bench.publish(bench.open(), [event], topic)
      const [arrived] = await witness.drain(1)
      const { cause, event: packed, ...letter } = await deadLetter(service)
      assert.equal(cause?.name, 'TypeError', "the cause's name")
      assert.equal(cause?.message, 'what the handler says', "the cause's message")
      assert.ok(cause?.stack, "the cause's stack")
      const { attempts, handler, address, id, state } = letter
      assert.deepEqual(
        { attempts, handler, address, id, state },
        { attempts: 2, handler: 'Handler', address: `under-test/${topic}`, id: 'event-1', state: 'dead' }
      )
      assertKept(unpackEvent(packed), arrived as ExternalEvent)
    },
  },
  {
    name: 'dead_letter_failure_is_not_acked',
    room,
    asserts: 'While a dead letter cannot be written its event is not settled, and a service that starts again gets it.',
    needs: ['poll'],
    async run(bench) {
      const topic = await bench.topic()
      const state = await openState(bench)
      let refusals = 0
      const wanted = {
        topic,
        journal: new Journal(),
        links: [linkTo(topic, { retry: ONCE })],
        handle: () => {
          throw new Error('never')
        },
      }
      const connector = bench.open()
      const broken = withoutDeadLetters(state, () => (refusals += 1))
      const first = await consume(bench, { ...wanted, connector, state: broken })
      await bench.publish(bench.open(), probes('entity-1', 1), topic)
      await first.until(() => refusals > 0, 'A dead letter that cannot be written')
      await first.anotherPoll()
      await first.stop()
      await bench.close(connector)
      assert.equal((await state.counts()).deadLetters, 0, 'dead letters before the state is fixed')
      const second = await consume(bench, { ...wanted, state })
      assert.equal((await deadLetter(second)).handler, 'Handler')
    },
  },
  {
    name: 'redrive_once',
    room,
    asserts:
      'A redriven dead letter is handled once, before those of its key that waited, by its handler alone; again changes nothing.',
    needs: ['poll', 'capabilities.ordering'],
    async run(bench) {
      const topic = await bench.topic()
      let sick = true
      const service = await consume(bench, {
        topic,
        links: [linkTo(topic, { retry: ONCE }), linkTo(topic, { handler: 'Other' })],
        handle: ({ n }, { handler }) => {
          if (sick && n === 0 && handler === 'Handler') throw new Error('not today')
        },
      })
      const { journal, state } = service
      await bench.publish(bench.open(), probes('entity-1', 3), topic)
      const { place } = await deadLetter(service)
      await service.until(() => journal.of('effect', 'Other').length === 3, "Another handler's effects")
      assert.deepEqual(journal.numbers('effect', 'entity-1', 'Handler'), [], 'its key waits')
      sick = false
      for (const time of ['once', 'again']) {
        await state.commit([{ do: 'redrive', place: place as number, at: Date.now() }, { do: 'notify' }])
        await service.refresh()
        await service.until(() => journal.of('effect', 'Handler').length >= 3, `Three effects, redriven ${time}`)
        await service.atRest()
      }
      assert.deepEqual(journal.numbers('effect', 'entity-1', 'Handler'), range(0, 3), 'what took effect, in order')
      assert.deepEqual(journal.numbers('run', 'entity-1', 'Other'), range(0, 3), 'what another handler was given')
      assert.equal((await state.counts()).deadLetters, 0, 'dead letters')
    },
  },
]
