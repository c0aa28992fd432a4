import { strict as assert } from 'node:assert'
import { join } from 'node:path'
import type { Effects, Link, Receiver, ReceiverOptions } from '@boostercloud/streamers/runtime'
import type { StateStore } from '@boostercloud/streamers/state'
import type { Core } from './core'
import type { ReceivedEvent } from './received'

const ADDRESS = 'log/fuzz'
const RETRY = { attempts: 2, firstDelayMs: 0, factor: 1, maxDelayMs: 0, jitter: 0 }
const quiet = (): void => undefined
const LIMIT_MS = 60_000

/**
 * Events through a receiver of the core with a real state: typed handlers, an untyped one, and one that fails. Rejects unless every
 * event is settled, and what could not be read is a dead letter.
 */
export async function throughReceiver(events: readonly ReceivedEvent[], folder: string, core: Core): Promise<void> {
  const state = await core.openEmbeddedState(join(folder, `state-${events[0].eventId}`))
  const link = (handler: string, typeName?: string): Link => ({
    address: ADDRESS,
    handler,
    typeName,
    retry: RETRY,
    maxStarts: 5,
    afterDeadLetter: 'continue',
    holdLimit: 10,
    newerVersionLimitMs: 1_000,
  })
  const given = new Set<string>()
  const receiver = new core.Receiver({
    address: ADDRESS,
    connector: pollingOnce(events),
    capabilities: {
      position: 'receiver',
      ordering: 'topic',
      durable: true,
      replay: true,
      maxEventBytes: 1e6,
      delivery: 'poll',
    },
    links: [link('All'), link('Fails'), link('Typed', 'type')],
    state,
    effects: effects(given),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    observe: { handled: quiet, parked: quiet, died: quiet, ignored: quiet, refused: quiet, received: quiet },
    inFlight: new core.InFlight(),
    gate: new core.RunGate(),
    owner: 'fuzz',
    claimMs: 60_000,
    concurrency: 8,
    maxUnsettled: 1_000,
  })
  await receiver.start()
  try {
    await settled(receiver, state, events[events.length - 1].eventId)
    const letters = await state.deadLetters(10 * events.length)
    const refused = new Set(
      letters.filter(({ handler }) => handler === '').map(({ event }) => core.unpackEvent(event).eventId)
    )
    for (const { eventId, metadata } of events) {
      const wanted = metadata.undecodable ? refused : given
      const known = metadata.id !== undefined || wanted.has(eventId)
      assert.ok(known, `event ${eventId} was neither delivered nor a dead letter`)
    }
  } finally {
    await receiver.stop()
    await state.close()
  }
}

function pollingOnce(events: readonly ReceivedEvent[]): ReceiverOptions['connector'] {
  return {
    async poll(_topic, cursor) {
      const from = cursor === undefined ? 0 : events.findIndex(({ eventId }) => eventId === cursor) + 1
      const next = events.slice(from, from + 100)
      if (next.length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
      return next
    },
  }
}

function effects(given: Set<string>): Effects {
  const run: Effects['run'] = async ({ handler }, event) => {
    if (handler === 'Fails') throw new Error('a handler that fails')
    given.add(String(event.eventId))
    return undefined
  }
  return { run, resume: async () => Promise.reject(new Error('nothing was registered')) }
}

async function settled(receiver: Receiver, state: StateStore, last: string): Promise<void> {
  const end = Date.now() + LIMIT_MS
  while ((await state.position(ADDRESS)) !== last || receiver.unsettled > 0 || (await state.counts()).parked > 0) {
    assert.ok(Date.now() < end, `not settled within ${LIMIT_MS} ms: ${receiver.unsettled} events are open`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
