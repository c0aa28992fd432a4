import { LocalStreamer } from '@boostercloud/local-streamer'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { summarise } from '../measure/statistics'
import { Measured, SOURCE, eventNumber } from '../measure/workload'
import type { BenchOptions } from '../options'
import { reportOn } from '../report/machine'
import type { Column, Report, Table } from '../report/report'
import { inFolder, inTurn } from './place'
import type { Place } from './place'

/** Something that events are appended to, durably, and read from. */
interface Log {
  append(events: readonly Measured[]): Promise<void>
  /** Reads and decodes what was appended since `mark` was called. Answers how many. */
  readSinceMark(): Promise<number>
  /** Remembers where the log ends now. */
  mark(): Promise<void>
  close(): Promise<void>
}

const TOPIC = 'events'
const BATCH = 100
/** Batches that are appended and then read in one round. */
const BATCHES = 20
const FILL_BATCH = 20_000
/** On the disk that the repository is on: where temporary files are, there may be none. */
const RUNS = join(__dirname, '..', '..', '.cache', 'bench', 'local')

/** The embedded log at growing sizes, beside a plain file: whether what is stored makes it slower. */
export async function onLocalLog(options: BenchOptions, say: Place['say']): Promise<Report> {
  const rounds = options.rounds ?? (options.quick ? 3 : 5)
  const sizes = [1e3, 1e4, 1e5, ...(options.quick ? [] : [1e6, 1e7])]
  await mkdir(RUNS, { recursive: true })
  return {
    ...reportOn([]),
    suite: 'local',
    title: 'Embedded log',
    quick: options.quick,
    rounds,
    settings: [
      `Events of 200 bytes, ${BATCH} in one publish, one publish after the other; every publish is on disk when it resolves (fsync).`,
      'The plain file has an event a line, as CloudEvents in JSON, is written with one call for each batch, and synced (fdatasync). It keeps no positions, topics or keys, and has one writer.',
    ],
    tables: await inFolder((folder) => measure(folder, { rounds, sizes, say }), RUNS),
  }
}

async function measure(
  folder: string,
  { rounds, sizes, say }: { rounds: number; sizes: readonly number[]; say: Place['say'] }
): Promise<Table[]> {
  const logs = [
    { title: 'plain file, fsync', ours: false, log: await plainFile(folder) },
    { title: 'LocalStreamer', ours: true, log: localStreamer(folder) },
  ].map((each) => ({ ...each, appends: sizes.map((): number[] => []), reads: sizes.map((): number[] => []) }))
  const filling = some(0, FILL_BATCH)
  let stored = 0
  for (const [at, size] of sizes.entries()) {
    for (; stored < size; stored += FILL_BATCH) {
      const events = filling.slice(0, size - stored)
      for (const { log } of logs) await log.append(events)
    }
    stored = size
    for (const { log } of logs) await once(log)
    for (let round = 0; round < rounds; round += 1) {
      for (const { title, log, appends, reads } of inTurn(logs, round)) {
        const [append, read] = await once(log)
        appends[at].push(append)
        reads[at].push(read)
        say(
          `${size} events stored, round ${round + 1}, ${title}: append ${Math.round(append)}/s, read ${Math.round(read)}/s`
        )
      }
    }
  }
  for (const { log } of logs) await log.close()
  const columns = sizes.map((size): Column => ({
    key: String(size),
    title: `at ${size.toLocaleString('en')}`,
    better: 'more',
  }))
  const table = (id: string, title: string, figures: 'appends' | 'reads'): Table => ({
    id,
    title,
    about: 'Events a second, with so many stored before.',
    columns,
    drawn: columns[columns.length - 1].key,
    rows: logs.map((each) => ({
      system: each.title,
      ours: each.ours,
      figures: Object.fromEntries(sizes.map((size, at) => [String(size), summarise(each[figures][at])])),
    })),
  })
  return [table('append', 'Appending', 'appends'), table('read', 'Reading the newest', 'reads')]
}

/** Events per second of appending, and of reading what was appended. */
async function once(log: Log): Promise<[number, number]> {
  const batches = Array.from({ length: BATCHES }, (_, index) => some(index * BATCH, BATCH))
  await log.mark()
  const begun = performance.now()
  for (const events of batches) await log.append(events)
  const appended = performance.now()
  const read = await log.readSinceMark()
  const ended = performance.now()
  return [(BATCHES * BATCH * 1000) / (appended - begun), (read * 1000) / (ended - appended)]
}

function localStreamer(folder: string): Log {
  const streamer = LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 0 })
  let mark: string | undefined
  return {
    append: (events) => streamer.publish([...events] as never, TOPIC),
    mark: async () => void (mark = await streamer.positionAt(TOPIC, 'last')),
    readSinceMark: async () => {
      let [read, position] = [0, mark]
      for (;;) {
        const events = await streamer.poll(TOPIC, position)
        if (events.length === 0) return read
        read += events.length
        position = events[events.length - 1].eventId
      }
    },
    close: () => streamer.close(),
  }
}

async function plainFile(folder: string): Promise<Log> {
  const path = join(folder, 'plain.jsonl')
  const file = await open(path, 'a+')
  let [end, mark] = [0, 0]
  return {
    append: async (events) => {
      const { bytesWritten } = await file.write(
        events.map((event) => `${JSON.stringify(asCloudEvent(event))}\n`).join('')
      )
      end += bytesWritten
      await file.datasync()
    },
    mark: async () => void (mark = end),
    readSinceMark: async () => {
      const { buffer } = await file.read(Buffer.alloc(end - mark), 0, end - mark, mark)
      return buffer
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as object).length
    },
    close: () => file.close(),
  }
}

function asCloudEvent(event: Measured): object {
  const { id, entity: subject, time } = event
  const attributes = { specversion: '1.0', id, source: SOURCE, type: Measured.name, subject, time }
  return { ...attributes, datacontenttype: 'application/json', data: event }
}

function some(from: number, count: number): Measured[] {
  return Array.from({ length: count }, (_, index) => eventNumber(from + index))
}
