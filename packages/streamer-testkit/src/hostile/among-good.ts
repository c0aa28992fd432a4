import { AssertionError, strict as assert } from 'node:assert'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { Bench } from '../bench/bench'
import { Probe } from '../bench/probe'
import type { HostileRecord } from './hostile-record'

/** The entity of the good events, which none of the hostile records has. */
export const GOOD = 'good'

/** What was published: good events, and between them the records that the broker could carry. */
export interface Published {
  readonly good: number
  readonly hostile: readonly Sent[]
}

type Sent = Pick<HostileRecord, 'name' | 'isNone' | 'check'> & { readonly body: Uint8Array }

/**
 * Publishes a good event, then the hostile records and a good event after each `every` of them, and at last. A record that the broker cannot carry is
 * left out.
 */
export async function publishAmongGood(
  bench: Bench,
  topic: string,
  records: readonly HostileRecord[],
  every = 1
): Promise<Published> {
  const { harness } = bench
  const connector = bench.open()
  const hostile: Sent[] = []
  let good = 0
  const publishGood = async (): Promise<void> => {
    await bench.publish(connector, [new Probe(GOOD, good)], topic)
    good += 1
  }
  const sent = async (one: Sent): Promise<void> => {
    hostile.push(one)
    if (hostile.length % every === 0) await publishGood()
  }
  await publishGood()
  for (const { record, ...one } of records) {
    if (await harness.publishRaw?.(topic, record)) await sent({ ...one, body: record.body })
  }
  assert.ok(
    hostile.some(({ isNone }) => isNone),
    'the broker carries some record that makes a dead letter'
  )
  for (const { name, body, publish } of harness.hostile ?? []) {
    await publish(topic)
    await sent({ name, body, isNone: false, check: () => undefined })
  }
  await publishGood()
  return { good, hostile }
}

/** Whether it is one of the good events. */
export function isGood({ eventPayload }: ExternalEvent): boolean {
  return (eventPayload as Partial<Probe> | null | undefined)?.entity === GOOD
}

/** That each hostile record became one event: a dead letter that is about its bytes, or what it is. */
export function assertEachOnce(events: readonly ExternalEvent[], { hostile }: Published): void {
  const left = [...events]
  const rest: string[] = []
  for (const { name, isNone, check, body } of hostile) {
    const at = left.findIndex(({ metadata }) => Buffer.compare(metadata?.raw ?? Buffer.alloc(0), body) === 0)
    if (at < 0) {
      rest.push(name)
      continue
    }
    const [event] = left.splice(at, 1) as [ExternalEvent]
    if (event.metadata?.undecodable !== undefined) continue
    assert.ok(!isNone, `${name}: it is handed out as an event`)
    naming(name, () => check(event))
  }
  // What could not be taken apart may have other bytes than its body's.
  const without = rest.join(', ')
  assert.ok(
    left.every(({ metadata }) => metadata?.undecodable),
    `events that nobody has published; records without one: ${without}`
  )
  assert.equal(left.length, rest.length, `events for ${rest.length} records: ${without}`)
}

function naming(name: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    throw new AssertionError({ message: `${name}: ${(error as Error).message}` })
  }
}
