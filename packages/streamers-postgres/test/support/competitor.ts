import './environment'
import { appendFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { onFailpoint } from '@boostercloud/streamer-connector'
import { InFlight, LeasedReceiver, Receiver, RunGate } from '@boostercloud/streamers/runtime'
import type { Effects, Link, Outcome } from '@boostercloud/streamers/runtime'
import { Pool } from 'pg'
import { PostgresState } from '../../src'
import { owner } from './schema'
import type { CompetitorOrder, Line, Note } from './competition'

/** What a handler registers, and what is stored for it. */
interface Effect {
  readonly id: string
  readonly key: string
  readonly n: number
  readonly run: string
}

const order = JSON.parse(process.argv[2] as string) as CompetitorOrder
const me = `${process.pid}-${randomUUID().slice(0, 8)}`

/** Handlers that fail now and then, and an event store that is a table, as a provider on SQL would have one. */
class TableEffects implements Effects {
  public constructor(private readonly pool: Pool) {}

  public async run(_link: Link, { eventPayload }: { eventPayload?: unknown }): Promise<Outcome> {
    const { key, n } = eventPayload as Note
    const run = randomUUID()
    this.witness({ what: 'start', run, key, n, by: me, pid: process.pid })
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 8))
    if (Math.random() < order.failureRate) {
      this.witness({ what: 'fail', run, key, n, by: me, pid: process.pid })
      throw new Error('now and then')
    }
    this.witness({ what: 'end', run, key, n, by: me, pid: process.pid })
    return this.outcome({ id: `${key}-${n}`, key, n, run })
  }

  public async resume(packed: Uint8Array): Promise<Outcome> {
    return this.outcome(JSON.parse(Buffer.from(packed).toString()) as Effect)
  }

  private outcome(effect: Effect): Outcome {
    return { packed: Buffer.from(JSON.stringify(effect)), marks: [], store: () => this.store(effect) }
  }

  /** An event's id is its row's key; what is stored a second time is counted, and changes nothing else. */
  private async store({ id, key, n, run }: Effect): Promise<void> {
    await this.pool.query(
      `INSERT INTO ${order.schema}_effects (id, key, n, run) VALUES ($1, $2, $3, $4)
       ON CONFLICT (id) DO UPDATE SET stores = ${order.schema}_effects.stores + 1`,
      [id, key, n, run]
    )
  }

  private witness(line: Line): void {
    appendFileSync(order.witness, `${JSON.stringify(line)}\n`)
  }
}

/** Dies, or stands still until somebody wakes it, at any failpoint. */
function meetMisfortune(name: string): void {
  const drawn = Math.random()
  const signal = drawn < order.killRate ? 'SIGKILL' : drawn < order.killRate + order.stopRate ? 'SIGSTOP' : undefined
  if (!signal) return
  appendFileSync(order.faults, `${JSON.stringify({ signal, at: name, by: me })}\n`)
  process.kill(process.pid, signal)
}

async function compete(): Promise<void> {
  const quiet = (): void => undefined
  const connector = LocalStreamer.with({ path: order.log, pollWaitMs: 100 })
  const pool = new Pool({ connectionString: order.url, max: 4 })
  pool.on('error', quiet)
  const state = await PostgresState.at({ url: order.url, schema: order.schema, poolSize: 4 }).open(owner)
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  const make = (): Receiver =>
    new Receiver({
      address: 'log/notes',
      connector,
      capabilities: connector.capabilities,
      links: [
        {
          address: 'log/notes',
          handler: 'Handler',
          retry: { attempts: 1_000, firstDelayMs: 10, factor: 2, maxDelayMs: 50, jitter: 0.5 },
          afterDeadLetter: 'hold',
          holdLimit: 1_000,
          newerVersionLimitMs: 3_600_000,
          maxStarts: 5,
        },
      ],
      state,
      effects: new TableEffects(pool),
      log,
      observe: { handled: quiet, parked: quiet, died: quiet, ignored: quiet, refused: quiet, received: quiet },
      inFlight: new InFlight(),
      gate: new RunGate(),
      owner: me,
      claimMs: order.claimMs,
      concurrency: 8,
      maxUnsettled: 200,
    })
  const lease = { name: 'reader:log/notes', state, owner: me, leaseMs: order.claimMs, log, make }
  const receiver = order.leased ? new LeasedReceiver(lease) : make()
  onFailpoint(meetMisfortune)
  await receiver.start()
  process.stdout.write('receiving\n')
}

compete().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
