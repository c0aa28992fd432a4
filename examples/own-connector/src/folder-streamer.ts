import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { EventInterface } from '@boostercloud/framework-types'
import { StreamerError, cloudEvents, metadataToPublish, receivedEvent } from '@boostercloud/streamer-connector'
import type {
  Attachable,
  Closable,
  Declaring,
  ExternalEvent,
  StreamerContext,
  StreamerCapabilities,
  WireMessage,
} from '@boostercloud/streamer-connector'

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

/** A streamer of files: a folder for each topic, a file for each event, numbered in the order of their publication. */
export class FolderStreamer implements Attachable, Closable, Declaring {
  public readonly capabilities: StreamerCapabilities

  public static with(options: FolderStreamerOptions): FolderStreamer {
    if (typeof options?.path !== 'string' || options.path === '') {
      throw new StreamerError('OPTION_INVALID', 'FolderStreamer needs a path.', {
        at: 'FolderStreamer.with({ path })',
        hint: 'Give the folder that all services share.',
      })
    }
    return new FolderStreamer(options)
  }

  private constructor(private readonly options: FolderStreamerOptions) {
    this.capabilities = {
      position: 'receiver',
      ordering: 'topic',
      durable: true,
      replay: true,
      maxEventBytes: options.maxEventBytes ?? 256 * 1024,
      delivery: 'poll',
      topicRequired: true,
    }
  }

  private context: Pick<StreamerContext, 'streamerId' | 'appName'> = {
    streamerId: 'folder',
    appName: 'folder-streamer',
  }

  public attach(context: StreamerContext): void {
    this.context = context
  }

  public async publish(events: EventInterface[], topic?: string): Promise<void> {
    this.assertOpen()
    const files = await Promise.all(events.map((event) => this.encode(event, topic)))
    const folder = this.folderOf(topic)
    await orUnavailable(folder, async () => {
      await mkdir(folder, { recursive: true })
      let number = (await numbersIn(folder)).at(-1) ?? 0
      for (const file of files) number = await append(folder, file, number + 1)
    })
  }

  private async encode(event: EventInterface, topic?: string): Promise<string> {
    const message = await cloudEvents.encode(event, metadataToPublish(event, this.context.appName), topic)
    const { body, ...beside } = message
    const bytes = body.byteLength + Buffer.byteLength(JSON.stringify(beside))
    if (bytes <= this.capabilities.maxEventBytes)
      return JSON.stringify({ ...beside, body: Buffer.from(body).toString('base64') })
    throw new StreamerError('EVENT_TOO_LARGE', `An event of ${bytes} bytes is too large.`, {
      at: event.constructor.name,
      hint: `Keep events under ${this.capabilities.maxEventBytes} bytes, or raise maxEventBytes.`,
    })
  }

  public async poll(topic?: string, lastReceivedEventID?: string): Promise<ExternalEvent[]> {
    this.assertOpen()
    const folder = this.folderOf(topic)
    const end = Date.now() + (this.options.pollWaitMs ?? 500)
    for (;;) {
      const events = await orUnavailable(folder, () => this.readFrom(folder, Number(lastReceivedEventID ?? 0), topic))
      if (events.length > 0) return events
      if (this.closed || Date.now() >= end) return []
      await pause(LOOK_AGAIN_MS)
    }
  }

  private async readFrom(folder: string, last: number, topic?: string): Promise<ExternalEvent[]> {
    const numbers = (await numbersIn(folder)).filter((number) => number > last).slice(0, BATCH)
    const read = async (number: number): Promise<ExternalEvent> => {
      const message = messageOf(await readFile(join(folder, nameOf(number))))
      return receivedEvent(cloudEvents, message, {
        streamerId: this.context.streamerId,
        topic,
        eventId: String(number),
      })
    }
    return Promise.all(numbers.map(read))
  }

  private closed = false

  public async close(): Promise<void> {
    this.closed = true
  }

  private assertOpen(): void {
    if (this.closed) throw new StreamerError('CLOSED', 'The folder streamer is closed.', { hint: 'Make a new one.' })
  }

  private folderOf(topic?: string): string {
    if (topic === undefined) {
      throw new StreamerError('TOPIC_MISSING', 'A folder has no default topic.', {
        at: this.context.streamerId,
        hint: `Write the address as '${this.context.streamerId}/topic'.`,
      })
    }
    return join(this.options.path, encodeURIComponent(topic).replaceAll('.', '%2E'))
  }
}

/** What `encode` wrote; any other file is a bare body, so that a program that knows nothing of us can put one there. */
function messageOf(file: Buffer): WireMessage {
  const written = parseJson(file)
  if (typeof written?.body !== 'string' || typeof written.attributes !== 'object') {
    return { body: file, attributes: {}, headers: {} }
  }
  return { ...(written as unknown as WireMessage), body: Buffer.from(written.body, 'base64') }
}

function parseJson(file: Buffer): Record<string, unknown> | undefined {
  try {
    return JSON.parse(file.toString('utf8'))
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

async function numbersIn(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names
    .filter((name) => /^\d+\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b)
}
