import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { EventInterface } from '@boostercloud/framework-types'
import {
  BaseStreamer,
  PACKED_MESSAGES,
  StreamerError,
  cloudEvents,
  option,
  packedMessage,
  settingsOf,
} from '@boostercloud/streamer-connector'
import type { ExternalEvent, SchemaOf, SettingsOf } from '@boostercloud/streamer-connector'

const LOOK_AGAIN_MS = 20
const BATCH = 100

/** What `FolderStreamer.with` takes. */
export interface FolderStreamerOptions {
  /** The folder that is the broker; made if it is not there. */
  readonly path: string
  /** The largest event taken, in bytes. Default 256 KiB. */
  readonly maxEventBytes?: number
  /** How long a poll waits for its first event, in milliseconds. Default 500. */
  readonly pollWaitMs?: number
}

/** What each option takes, and its default. */
const OPTIONS = {
  path: option.text.required,
  maxEventBytes: option.whole(1, 100_000_000).or(256 * 1024),
  pollWaitMs: option.milliseconds(0, 3_600_000).or(500),
} satisfies SchemaOf<FolderStreamerOptions>

type Settings = SettingsOf<typeof OPTIONS> & { readonly codec: typeof cloudEvents }

/** A streamer of files: a folder for each topic, a file for each event, numbered in the order of their publication. */
export class FolderStreamer extends BaseStreamer<Settings> {
  public static with(options: FolderStreamerOptions): FolderStreamer {
    const settings = { ...settingsOf('FolderStreamer', OPTIONS, options), codec: cloudEvents }
    return new FolderStreamer('Folder', settings, {
      position: 'receiver',
      ordering: 'topic',
      durable: true,
      replay: true,
      delivery: 'poll',
    })
  }

  public async publish(events: EventInterface[], topic?: string): Promise<void> {
    this.assertOpen()
    const name = this.topicFor(topic)
    const files = await this.encode(events, name, packedMessage)
    const folder = this.folderOf(name)
    await orUnavailable(folder, async () => {
      await mkdir(folder, { recursive: true })
      let number = (await numbersIn(folder)).at(-1) ?? 0
      for (const { content } of files) number = await append(folder, content, number + 1)
    })
  }

  public async poll(topic?: string, lastReceivedEventID?: string): Promise<ExternalEvent[]> {
    this.assertOpen()
    const name = this.topicFor(topic)
    const end = Date.now() + this.settings.pollWaitMs
    for (;;) {
      const events = await this.readFrom(name, Number(lastReceivedEventID ?? 0))
      if (events.length > 0) return events
      if (this.isClosed || Date.now() >= end) return []
      await pause(LOOK_AGAIN_MS)
    }
  }

  private async readFrom(topic: string, last: number): Promise<ExternalEvent[]> {
    const folder = this.folderOf(topic)
    const read = async (number: number): Promise<ExternalEvent> =>
      this.decode(await readFile(join(folder, nameOf(number))), PACKED_MESSAGES, topic, String(number))
    return orUnavailable(folder, async () => {
      const numbers = (await numbersIn(folder)).filter((number) => number > last).slice(0, BATCH)
      return Promise.all(numbers.map(read))
    })
  }

  private folderOf(topic: string): string {
    return join(this.settings.path, encodeURIComponent(topic).replaceAll('.', '%2E'))
  }
}

/** What the system refuses is an error of ours, and may succeed later. */
async function orUnavailable<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new StreamerError('STREAMER_UNAVAILABLE', `The folder does not answer: ${(cause as Error).message}.`, {
      at: folder,
      hint: 'Check that it can be read and written.',
      retryable: true,
      cause,
    })
  }
}

/** Writes a file and gives it the first free number from `number` on. It is there whole or not at all, and survives the process. */
async function append(folder: string, content: string, number: number): Promise<number> {
  const draft = join(folder, `draft-${randomUUID()}`)
  await writeFile(draft, content, { flag: 'wx', mode: 0o600, flush: true })
  try {
    for (; ; number++) {
      if (await isLinked(draft, join(folder, nameOf(number)))) return number
    }
  } finally {
    await rm(draft)
  }
}

const isLinked = (existing: string, path: string): Promise<boolean> =>
  link(existing, path).then(() => true, orElse('EEXIST', false))

const nameOf = (number: number): string => `${String(number).padStart(12, '0')}.json`

/** The numbers of the events; whatever else lies there (a draft, a folder) is none. */
async function numbersIn(folder: string): Promise<number[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(orElse('ENOENT', []))
  const events = entries.filter((entry) => entry.isFile() && /^\d{12}\.json$/.test(entry.name))
  return events.map(({ name }) => Number.parseInt(name, 10)).sort((a, b) => a - b)
}

/** What stands for one error of the system; others are thrown. */
const orElse =
  <T>(code: string, value: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === code) return value
    throw error
  }
