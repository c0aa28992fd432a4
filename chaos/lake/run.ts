import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Closable, StreamerConnector } from '@boostercloud/streamer-connector'
import { Lake } from '@boostercloud/streamers-lake'
import { ROOT } from '../root'
import { ChaosServer } from '../server'
import type { ChaosStreamer, ConnectorChoice } from '../streamers'
import { until } from '../until'
import type { LakeHistory, Seen } from './check'
import { dooms } from './failpoints'
import { LakeProcess } from './process'
import type { LakeProcessOptions } from './process'
import { Publisher } from './publisher'
import { lakeScheduleOf } from './schedule'
import type { LakeFault } from './schedule'
import { startBucket } from './bucket'

/** What a run is made of. */
export interface LakeRun {
  readonly streamer: ChaosStreamer
  /** Whether the lake is in a bucket. */
  readonly s3: boolean
  readonly seed: number
  readonly kills: number
  readonly mutant?: string
  readonly say: (line: string) => void
}

/** A topic that is there on every streamer. */
const TOPIC = 'a'
const ADDRESS = `main/${TOPIC}`
/** Milliseconds between two batches. Moto answers in Python, so a lake there takes fewer. */
const EVERY_MS = 15
const S3_EVERY_MS = 150

/** Runs two recorders, a compaction, a reader and a publisher, brings faults upon them, and tells what came of it. */
export async function runLakeChaos(run: LakeRun): Promise<LakeHistory> {
  const folder = folderOf(run)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const ends: (() => Promise<unknown>)[] = []
  try {
    const bucket = run.s3 ? await startBucket() : undefined
    if (bucket) ends.push(() => bucket.stop())
    const server = run.streamer.server && (await ChaosServer.start(run.streamer.server))
    if (server) ends.push(() => server.stop())
    const choice = run.streamer.connector(server?.url ?? '')
    const connector = { ...choice, options: inside(folder, choice.options) }
    const place = bucket?.place ?? { path: join(folder, 'lake') }
    return await new LakeChaos(run, folder, { folder, place, connector, address: ADDRESS }, server, ends).play()
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

/** Where the logs and notes of a run are kept. */
export function folderOf({ streamer, s3, seed, mutant }: Omit<LakeRun, 'say' | 'kills'>): string {
  const name = ['lake', streamer.name, s3 ? 's3' : 'folder', seed, ...(mutant === undefined ? [] : [mutant])].join('-')
  return join(ROOT, 'reports', 'chaos', name)
}

class LakeChaos {
  private readonly recorders: readonly LakeProcess[]
  private readonly compaction: LakeProcess
  private readonly reader: LakeProcess
  private missed = 0

  public constructor(
    private readonly run: LakeRun,
    private readonly folder: string,
    private readonly options: Omit<LakeProcessOptions, 'role'>,
    private readonly server: ChaosServer | undefined,
    private readonly ends: (() => Promise<unknown>)[]
  ) {
    const { mutant } = run
    this.recorders = [1, 2].map(() => new LakeProcess({ ...options, role: 'recorder', mutant }))
    this.compaction = new LakeProcess({ ...options, role: 'compaction', mutant })
    this.reader = new LakeProcess({ ...options, role: 'reader' })
  }

  public async play(): Promise<LakeHistory> {
    const { run, options, recorders, compaction, reader, server } = this
    const all = [...recorders, compaction, reader]
    const lake = Lake.with(options.place)
    this.ends.push(() => lake.close())
    const connector = connectorOf(options.connector)
    this.ends.push(() => connector.close())
    this.ends.push(() => Promise.all(all.map((one) => one.stop())))
    await Promise.all(recorders.map((one) => one.start()))
    await Promise.all([compaction.start(), reader.start()])
    const publisher = new Publisher(connector, TOPIC, run.s3 ? S3_EVERY_MS : EVERY_MS)
    this.ends.push(() => publisher.stop())
    publisher.start()
    const schedule = lakeScheduleOf({ ...run, server: run.streamer.server?.faults ?? [] })
    for (const [index, fault] of schedule.entries()) await this.bring(fault, index)
    const published = await publisher.stop()
    run.say(`${published.length} events are published`)
    await this.settled(published)
    await Promise.all([...recorders, compaction].map((one) => one.stop()))
    const recorded = await this.recorded(lake)
    await until(() => this.lines<Seen>('reader.jsonl').length >= recorded.length, run.streamer.stallMs)
    const faults = await faultsOf(lake)
    await this.compacted(lake, faults)
    const compacted = await this.recorded(lake)
    faults.push(...(await faultsOf(lake)))
    await reader.stop()
    const hit = this.lines<{ role: string; failpoint: string }>('deaths.jsonl')
    return {
      published,
      mayRepeat: server !== undefined,
      recorded,
      compacted,
      read: this.lines<Seen>('reader.jsonl'),
      faults,
      gaps: (await lake.info()).gaps.length,
      hit: hit.map(({ role, failpoint }) => `${failpoint} of the ${role}`),
      demanded: dooms().map(({ victim, failpoint }) => `${failpoint} of the ${victim}`),
      kills: all.reduce((sum, { killed }) => sum + killed, 0),
      crashes: all.reduce((sum, { crashed }) => sum + crashed, 0),
      missed: this.missed,
    }
  }

  private async bring(fault: LakeFault, index: number): Promise<void> {
    if (fault.on === 'server') {
      this.run.say(`${fault.fault.do} of the broker`)
      if (!(await this.server?.suffer(fault.fault, { isDone: false }))) this.missed += 1
      return
    }
    const victim = fault.on === 'recorder' ? this.recorders[index % 2] : this.compaction
    if (fault.do === 'kill') {
      await until(() => false, fault.afterMs)
      this.run.say(`the ${fault.on} is killed`)
      return victim.kill(fault.downMs)
    }
    const isDead = await victim.killAt(fault, fault.downMs)
    this.run.say(`the ${fault.on} ${isDead ? 'died' : 'did not die'} at ${fault.failpoint}`)
  }

  /** Resolves when the reader has seen everything that was answered, or sees nothing more. */
  private async settled(published: LakeHistory['published']): Promise<void> {
    let [seen, since] = [0, Date.now()]
    await until(
      () => {
        const ids = new Set(this.lines<Seen>('reader.jsonl').map(({ id }) => id))
        if (ids.size > seen) [seen, since] = [ids.size, Date.now()]
        return published.every(({ id }) => ids.has(id)) || Date.now() - since > this.run.streamer.stallMs
      },
      Infinity,
      200
    )
  }

  private async recorded(lake: Lake): Promise<Seen[]> {
    const events: Seen[] = []
    try {
      for await (const { log, partition, position, id } of lake.read()) events.push({ log, partition, position, id })
    } catch (thrown) {
      this.run.say(`the lake cannot be read: ${String(thrown)}`)
    }
    return events
  }

  /** A compaction that cannot go on is what is wrong with the lake. */
  private async compacted(lake: Lake, faults: string[]): Promise<void> {
    try {
      await lake.compact({ keepMs: 0 })
    } catch (thrown) {
      faults.push(`the last compaction ended with ${String(thrown)}`)
    }
  }

  private lines<T>(file: string): T[] {
    const path = join(this.folder, file)
    if (!existsSync(path)) return []
    // A line that is being written has no end yet.
    const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    return whole.map((line) => JSON.parse(line) as T)
  }
}

async function faultsOf(lake: Lake): Promise<string[]> {
  const faults: string[] = []
  for await (const { kind, path, message } of lake.verify()) faults.push(`${kind} ${path}: ${message}`)
  return faults
}

/** Paths of the chain's services are seen from the folder of one. */
function inside(folder: string, options: ConnectorChoice['options']): ConnectorChoice['options'] {
  return 'path' in options ? { ...options, path: join(folder, 'log') } : options
}

function connectorOf({ package: from, name, options }: ConnectorChoice): StreamerConnector & Closable {
  const exported = createRequire(__filename)(from) as Record<
    string,
    { with(options: unknown): StreamerConnector & Closable }
  >
  return exported[name].with(options)
}
