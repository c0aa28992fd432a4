import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { EventInterface } from '@boostercloud/framework-types'
import { BaseStreamer, StreamerError, cloudEvents } from '@boostercloud/streamer-connector'
import type { CommonSettings, ExternalEvent, RecordForm, WireMessage } from '@boostercloud/streamer-connector'

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

type Settings = CommonSettings & Required<FolderStreamerOptions>

/** A streamer of files: a folder for each topic, a file for each event, numbered in the order of their publication. */
export class FolderStreamer extends BaseStreamer<Settings> {
  public static with(options: FolderStreamerOptions): FolderStreamer {
    if (typeof options?.path !== 'string' || options.path === '') {
      throw new StreamerError('OPTION_INVALID', 'FolderStreamer needs a path.', {
        at: 'FolderStreamer.with({ path })',
        hint: 'Give the folder that all services share.',
      })
    }
    const { path, maxEventBytes = 256 * 1024, pollWaitMs = 500 } = options
    const settings = { path, maxEventBytes, pollWaitMs, codec: cloudEvents }
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
    const files = await this.encode(events, name, toFile)
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
      this.decode(await readFile(join(folder, nameOf(number))), FILES, topic, String(number))
    return orUnavailable(folder, async () => {
      const numbers = (await numbersIn(folder)).filter((number) => number > last).slice(0, BATCH)
      return Promise.all(numbers.map(read))
    })
  }

  protected async end(): Promise<void> {
    // A folder has no connection that would have to be closed.
  }

  private folderOf(topic: string): string {
    return join(this.settings.path, encodeURIComponent(topic).replaceAll('.', '%2E'))
  }
}

/** A message as a file, with its size. */
function toFile({ body, ...beside }: WireMessage): { content: string; bytes: number } {
  const content = JSON.stringify({ ...beside, body: Buffer.from(body).toString('base64') })
  return { content, bytes: body.byteLength + Buffer.byteLength(JSON.stringify(beside)) }
}

/** What `toFile` wrote; any other file is a bare body, so that a program that knows nothing of us can put one there. */
const FILES: RecordForm<Buffer> = {
  toMessage(file) {
    const { body, key, attributes, headers, ...content } = parseJson(file) ?? {}
    if (typeof body !== 'string' || !areTexts(attributes) || !areTexts(headers))
      return { ...NOTHING_BESIDE, body: file }
    const [contentType, contentEncoding] = [text(content.contentType), text(content.contentEncoding)]
    return { body: Buffer.from(body, 'base64'), contentType, contentEncoding, key: text(key), attributes, headers }
  },
  bodyOf: (file) => file,
}

const NOTHING_BESIDE = { attributes: {}, headers: {} }

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const areTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string')

function parseJson(file: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(file.toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
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
  await writeDurably(draft, content)
  try {
    for (; ; number++) {
      if (await isLinked(draft, join(folder, nameOf(number)))) return number
    }
  } finally {
    await rm(draft)
  }
}

async function writeDurably(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function isLinked(existing: string, path: string): Promise<boolean> {
  try {
    await link(existing, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

const nameOf = (number: number): string => `${String(number).padStart(12, '0')}.json`

/** The numbers of the events; whatever else lies there (a draft, a folder) is none. */
async function numbersIn(folder: string): Promise<number[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return entries
    .filter((entry) => entry.isFile() && /^\d{12}\.json$/.test(entry.name))
    .map(({ name }) => Number.parseInt(name, 10))
    .sort((a, b) => a - b)
}
