import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { Lake } from '@boostercloud/streamers-lake'
import type { LakeFilter, Recording } from '@boostercloud/streamers-lake'
import { BODY_BYTES, Posts } from './posts'

const ADDRESS = 'main/posts'
const TOPIC = 'posts'
const BATCH = 1_000
const LOOK_EVERY_MS = 50

/** How fast something was. */
export interface Speed {
  readonly perSecond: number
  /** For each second of processor time of the whole process. */
  readonly perCpuSecond: number
}

/** What one round came to. */
export interface LakeRound {
  readonly speeds: Readonly<Record<'polling' | 'recording' | 'reading' | 'replaying', Speed>>
  /** Bytes for each event. */
  readonly segmentBytes: number
  readonly indexBytes: number
  /** Processor time in milliseconds. */
  readonly oneId: number
  readonly oneKey: number
  /** Milliseconds. DuckDB has threads of its own. */
  readonly byTypeAndDay: number
  /** What was not as it was published; 0 as it should be. */
  readonly wrong: number
}

/** Publishes posts to an embedded log, records them, reads them, looks some up, and replays all into another log. */
export async function lakeRound(folder: string, count: number): Promise<LakeRound> {
  const log = LocalStreamer.with({ path: join(folder, 'log') })
  const other = LocalStreamer.with({ path: join(folder, 'other') })
  const path = join(folder, 'lake')
  const lake = Lake.with({ path })
  try {
    await publish(log, count)
    const polling = await speedOf(count, () => poll(log, count))
    const recording = await speedOf(count, () => record(lake, log, count))
    let [read, last] = [0, { id: '', key: '' }]
    const reading = await speedOf(count, async () => {
      for await (const { id = '', key = '' } of lake.read()) [read, last] = [read + 1, { id, key }]
    })
    const byId = await lookUp(lake, { id: last.id })
    const byKey = await lookUp(lake, { key: last.key })
    const byTypeAndDay = await countByTypeAndDay(lake)
    const replaying = await speedOf(count, async () => {
      await lake.replay({ address: ADDRESS }, { into: { connector: other, topic: TOPIC } })
    })
    const { bytes } = await lake.info()
    const missing = [count - read, count - byTypeAndDay.events, byId.found === 1 ? 0 : 1, byKey.found > 0 ? 0 : 1]
    return {
      speeds: { polling, recording, reading, replaying },
      segmentBytes: bytes / count,
      indexBytes: (await bytesIn(join(path, 'index'))) / count,
      oneId: byId.cpuMs,
      oneKey: byKey.cpuMs,
      byTypeAndDay: byTypeAndDay.ms,
      wrong: missing.reduce((sum, one) => sum + Math.abs(one), 0),
    }
  } finally {
    await Promise.all([lake.close(), log.close(), other.close()])
  }
}

async function publish(log: LocalStreamer, count: number): Promise<void> {
  const posts = new Posts(count)
  for (let made = 0; made < count; made += BATCH) await log.publishRaw(posts.next(Math.min(BATCH, count - made)), TOPIC)
}

async function poll(log: LocalStreamer, count: number): Promise<void> {
  let position: string | undefined
  for (let polled = 0; polled < count;) {
    const events = await log.poll(TOPIC, position)
    polled += events.length
    position = events[events.length - 1]?.eventId ?? position
  }
}

async function record(lake: Lake, log: LocalStreamer, count: number): Promise<void> {
  const recording = await lake.record({ streamers: { main: log }, addresses: [ADDRESS] })
  while ((await readBy(recording)) < count) await pause(LOOK_EVERY_MS)
  await recording.stop()
}

async function readBy(recording: Recording): Promise<number> {
  const [{ recorded, unrecorded }] = await recording.health()
  return recorded + unrecorded
}

async function lookUp(lake: Lake, filter: LakeFilter): Promise<{ readonly found: number; readonly cpuMs: number }> {
  const begun = process.cpuUsage()
  let found = 0
  for await (const event of lake.read(filter)) if (event.id !== undefined) found += 1
  return { found, cpuMs: cpuMsSince(begun) }
}

async function countByTypeAndDay(lake: Lake): Promise<{ readonly events: number; readonly ms: number }> {
  const begun = performance.now()
  let events = 0
  const sql = "SELECT type, date_trunc('day', time) AS day, count(*) AS events FROM deliveries GROUP BY ALL"
  for await (const row of lake.query(sql)) events += Number(row.events)
  return { events, ms: performance.now() - begun }
}

async function speedOf(count: number, work: () => Promise<void>): Promise<Speed> {
  const [begun, cpu] = [performance.now(), process.cpuUsage()]
  await work()
  return {
    perSecond: (count * 1_000) / (performance.now() - begun),
    perCpuSecond: (count * 1_000) / cpuMsSince(cpu),
  }
}

function cpuMsSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1_000
}

async function bytesIn(folder: string): Promise<number> {
  const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** What the page says of the events. */
export const ABOUT_EVENTS = `Posts of a blog, bodies of about ${BODY_BYTES} bytes in JSON: titles of eight words out of a short list, ids and keys that are UUIDs of version 7, five events of a key on average (bench/lake/posts.ts).`
