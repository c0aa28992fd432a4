import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { asContentHeader } from './amqp'
import { asBodies } from './bodies'
import type { Became, LanguageName } from './bodies'
import { loadCore } from './core'
import type { Core } from './core'
import { asKafkaBatch } from './kafka'
import { Random } from './random'
import type { ReceivedEvent } from './received'
import { throughReceiver } from './receiving'
import { asAddress, asPosition, throughCodec } from './targets'

/** Milliseconds of a processor that one message may take. */
const MESSAGE_MS = 2_000
/** Milliseconds by the clock, which count the work of others on a busy machine. */
const MESSAGE_CLOCK_MS = 30_000
/** Every so manieth message goes through a receiver too, which writes to disk. */
const RECEIVED_EVERY = 50
const RECEIVED_AT_ONCE = 200
/** How much more the heap may hold after the second half than after the first. */
const GROWTH = 1.15
const FAILURES_SHOWN = 20

/** How many were of each kind. */
interface FuzzCounts {
  delivered: number
  undecodable: number
  received: number
  addresses: number
  positions: number
  readonly headers: Record<'read' | 'refused' | 'left', number>
  readonly batches: Record<'read' | 'refused' | 'unsupported', number>
  readonly bodies: Record<LanguageName, Record<Became, number>>
}

/** What came of it. */
export interface FuzzResult {
  readonly summary: string
  readonly failures: readonly string[]
  readonly counts: FuzzCounts
}

/** What is sent. */
export interface FuzzOptions {
  readonly messages: number
  readonly seed: number
  readonly onProgress?: (line: string) => void
}

/** Fuzzes, and resolves with a summary and what went wrong. */
export async function fuzz({ messages, seed, onProgress }: FuzzOptions): Promise<FuzzResult> {
  const folder = mkdtempSync(join(tmpdir(), 'streamers-fuzz-'))
  const streamer = LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 0 })
  const run = new Run(new Random(seed), folder, streamer, await loadCore())
  const begun = performance.now()
  try {
    const heaps: number[] = []
    for (const part of [1, 2, 3, 4]) {
      await run.go(Math.round((messages * part) / 4))
      heaps.push(heapUsed())
      onProgress?.(
        `${run.count} of ${messages} messages, ${run.failures.length} failures, heap ${megabytes(heaps[heaps.length - 1])}`
      )
    }
    run.checkHeap(heaps)
    const seconds = ((performance.now() - begun) / 1000).toFixed(1)
    return { summary: summaryOf(run, heaps, seconds, seed), failures: run.failures, counts: run.counts }
  } finally {
    await streamer.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

class Run {
  public count = 0
  public readonly failures: string[] = []
  public readonly counts: FuzzCounts = {
    delivered: 0,
    undecodable: 0,
    received: 0,
    addresses: 0,
    positions: 0,
    headers: { read: 0, refused: 0, left: 0 },
    batches: { read: 0, refused: 0, unsupported: 0 },
    bodies: { avro: { read: 0, refused: 0 }, json: { read: 0, refused: 0 }, protobuf: { read: 0, refused: 0 } },
  }
  public slowest = 0
  private readonly waiting: ReceivedEvent[] = []

  public constructor(
    private readonly random: Random,
    private readonly folder: string,
    private readonly streamer: LocalStreamer,
    private readonly core: Core
  ) {}

  public async go(until: number): Promise<void> {
    while (this.count < until) {
      this.count += 1
      const [begun, used] = [performance.now(), process.cpuUsage()]
      await this.one().catch((error: unknown) => this.fail(error))
      const { user, system } = process.cpuUsage(used)
      const [took, worked] = [performance.now() - begun, (user + system) / 1000]
      this.slowest = Math.max(this.slowest, worked)
      if (worked > MESSAGE_MS || took > MESSAGE_CLOCK_MS)
        this.fail(new Error(`it took ${worked.toFixed(0)} ms of work in ${took.toFixed(0)} ms`))
      if (this.waiting.length === RECEIVED_AT_ONCE) await this.receive()
      if (this.count % 200 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    if (this.waiting.length > 0) await this.receive()
  }

  private async one(): Promise<void> {
    const { random, core, counts } = this
    const event = await throughCodec(random, this.count, core)
    counts[event.metadata.undecodable ? 'undecodable' : 'delivered'] += 1
    if (this.count % RECEIVED_EVERY === 0) this.waiting.push(event)
    counts.headers[asContentHeader(random)] += 1
    counts.batches[await asKafkaBatch(random, core)] += 1
    for (const [language, became] of Object.entries(asBodies(random)) as Array<[LanguageName, Became]>)
      counts.bodies[language][became] += 1
    asAddress(random)
    counts.addresses += 1
    if (this.count % 10 === 0) {
      await asPosition(random, this.streamer)
      counts.positions += 1
    }
    if (Object.keys(Object.prototype).length > 0) throw new Error("Object's prototype was reached")
  }

  private async receive(): Promise<void> {
    const events = this.waiting.splice(0)
    await throughReceiver(events, this.folder, this.core).catch((error: unknown) => this.fail(error))
    this.counts.received += events.length
  }

  private fail(error: unknown): void {
    this.failures.push(`message ${this.count}: ${(error as Error).stack}`)
  }

  /** The first quarter warms up. */
  public checkHeap([, second, , fourth]: readonly number[]): void {
    if (fourth > second * GROWTH) {
      this.fail(new Error(`the heap grew from ${megabytes(second)} to ${megabytes(fourth)} in the second half`))
    }
  }
}

function summaryOf(
  { count, failures, counts, slowest }: Run,
  heaps: readonly number[],
  seconds: string,
  seed: number
): string {
  const { delivered, undecodable, received, addresses, positions, headers, batches, bodies } = counts
  return [
    ...failures.slice(0, FAILURES_SHOWN),
    `${count} messages (seed ${seed}) in ${seconds} s: ${delivered} delivered as what they are, ${undecodable} undecodable`,
    `${received} of them through a receiver; ${addresses} addresses, ${positions} positions`,
    `${headers.read} headers of AMQP read, ${headers.refused} refused, ${headers.left} of other frames`,
    `${batches.read} batches of Kafka read, ${batches.refused} with dead letters, ${batches.unsupported} of another format or compression`,
    `bodies read, and refused: ${Object.entries(bodies)
      .map(([language, { read, refused }]) => `${language} ${read}, ${refused}`)
      .join('; ')}`,
    `slowest ${slowest.toFixed(0)} ms of work; heap after each quarter ${heaps.map(megabytes).join(', ')}; ${failures.length} failures`,
  ].join('\n')
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** What is in use after everything that can go has gone. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}
