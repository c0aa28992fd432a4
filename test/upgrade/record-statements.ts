/**
 * Records what an earlier version says to PostgreSQL: `npx tsx test/upgrade/record-statements.ts ROOT`, where ROOT is a built working copy of that
 * version. Each thing that a state is asked for is asked for once, with values that stand for others; see `old-replica.ts`.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ParkedEvent, PendingMark, StateChange, StateStore } from '@boostercloud/streamers/state'
import type { Server } from '@boostercloud/dev-brokers'
import { NUMBERS, TEXTS } from './old-replica'
import type { Said } from './old-replica'

const { handler, source, id, address, key, owner, cause } = TEXTS
const { now, lasts, place, attempts } = NUMBERS
const bytes = Buffer.from(TEXTS.bytes)

const INBOX_KEY = { handler, source, id }
const REQUEST = { ...INBOX_KEY, address, key }
const TERMS = { owner, now, claimMs: lasts }
const MARK: PendingMark = {
  address,
  id,
  typeName: TEXTS.type,
  entityTypeName: TEXTS.entity,
  entityId: key,
  slot: NUMBERS.slot,
  markedAt: now,
  owner,
  context: {},
}
const PARKED: ParkedEvent = {
  ...REQUEST,
  state: 'retry',
  holds: false,
  attempts,
  dueAt: now,
  firstAt: now,
  lastAt: now,
  cause: { name: 'Error', message: cause },
  event: bytes,
}

/** Everything in the order in which it has something to do. */
const ASKED: readonly (readonly [name: string, ask: (state: StateStore) => Promise<unknown>])[] = [
  ['claim', (state) => state.claim([REQUEST], TERMS)],
  ['claim again', (state) => state.claim([REQUEST], { ...TERMS, owner: 'another', now: now - 1 })],
  change('write-outcome', { do: 'write-outcome', key: INBOX_KEY, owner, outcome: bytes }),
  change('finish by its owner', { do: 'finish', key: INBOX_KEY, at: now, owner }),
  change('finish', { do: 'finish', key: INBOX_KEY, at: now }),
  change('release', { do: 'release', key: INBOX_KEY, owner }),
  change('park', { do: 'park', event: PARKED }),
  change('park a follower', { do: 'park', event: { ...PARKED, state: 'follower', attempts: 0, cause: undefined } }),
  ['claim behind', (state) => state.claim([{ ...REQUEST, id: 'another' }], TERMS)],
  change('repark', { do: 'repark', place, event: PARKED }),
  change('give up', { do: 'repark', place, event: { ...PARKED, state: 'dead', holds: true } }),
  change('redrive', { do: 'redrive', place, at: now }),
  ['parkedLanes', (state) => state.parkedLanes(address)],
  ['parkedOf', (state) => state.parkedOf({ address, handler, key }, 8)],
  ['deadLetters', (state) => state.deadLetters(8)],
  change('unpark', { do: 'unpark', place }),
  change('mark', { do: 'mark-pending', mark: MARK }),
  change('refuse', { do: 'refuse', address, id, cause }),
  change('unrefuse', { do: 'unrefuse', address, id }),
  ['pendingMarks', (state) => state.pendingMarks(address, { limit: 8 })],
  change('unmark', { do: 'unmark', address, ids: [id] }),
  change('move-position', { do: 'move-position', address, position: key }),
  ['position', (state) => state.position(address)],
  ['lease', (state) => state.lease([key], { owner, now, leaseMs: lasts })],
  ['release lease', (state) => state.release([key], owner)],
  change('pause', { do: 'pause-link', address, handler, paused: true }),
  ['pausedLinks', (state) => state.pausedLinks()],
]

function change(name: string, one: StateChange): readonly [string, (state: StateStore) => Promise<unknown>] {
  return [name, (state) => state.commit([one])]
}

async function main(root: string): Promise<void> {
  process.env.BOOSTER_ENV ??= 'test'
  const require = createRequire(join(root, 'package.json'))
  const { startServer } = require('@boostercloud/dev-brokers') as {
    startServer(name: string): Promise<Server>
  }
  const { PostgresState } = require('@boostercloud/streamers-postgres')
  const { Client } = require('pg')
  let heard: Said[] | undefined
  const { query } = Client.prototype
  Client.prototype.query = function (given: string | Said, ...rest: unknown[]): unknown {
    if (typeof given !== 'string') heard?.push({ name: given.name, text: given.text, values: given.values.map(plain) })
    return query.call(this, given, ...rest)
  }
  const server = await startServer('postgres')
  try {
    const state = (await PostgresState.at({ url: server.url, poolSize: 1 }).open({
      appName: 'shop',
      environment: 'test',
    })) as StateStore
    const said: Record<string, Said[]> = {}
    for (const [name, ask] of ASKED) {
      heard = said[name] = []
      await ask(state)
    }
    heard = undefined
    await state.close()
    await mkdir(join(__dirname, 'fixtures'), { recursive: true })
    await writeFile(join(__dirname, 'fixtures', 'statements.json'), `${JSON.stringify(said, undefined, 1)}\n`)
  } finally {
    await server.stop()
  }
}

function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString() : value
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${String((error as Error).stack)}\n`)
  process.exitCode = 1
})
