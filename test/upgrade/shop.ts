import type { Readable } from 'node:stream'

/** Where a shop keeps its events, and where its streaming state. */
export const KINDS = ['embedded', 'postgres', 'dynamodb', 'sql', 'sql-postgres'] as const
/** See {@link KINDS}. */
export type Kind = (typeof KINDS)[number]

/** The schema, or table, that a state outside of the shop's folder is recorded from and restored to. */
export const RECORDED_NAME = 'shop_recorded'

/** The environment of a process of the shop. */
export function shopEnvironment(kind: Kind, url = ''): Record<string, string> {
  return { SHOP_KIND: kind, SHOP_URL: url, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' }
}

/** All that a stream has said, in lines. */
export async function linesOf(stream: Readable): Promise<string[]> {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text.split('\n')
}

const INDEX = `import { existsSync } from 'node:fs'
import { Booster } from '@boostercloud/framework-core'
import { onFailpoint } from '@boostercloud/streamer-connector'
export {
  Booster,
  boosterEventDispatcher,
  boosterHealth,
  boosterNotifySubscribers,
  boosterServeGraphQL,
  boosterTriggerScheduledCommand,
} from '@boostercloud/framework-core'

onFailpoint((name: string): void => {
  if (name === 'receive.after-outcome' && existsSync('die')) process.kill(process.pid, 'SIGKILL')
})
Booster.start(__dirname)
`

const CONFIG = `import { Booster } from '@boostercloud/framework-core'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { PostgresState } from '@boostercloud/streamers-postgres'
import { DynamoState } from '@boostercloud/streamers-aws'
import '@boostercloud/framework-provider-sql'
import { Away, Numbered } from './streamers'

const { SHOP_KIND = '', SHOP_URL: url = '', SHOP_RECORDS } = process.env
const NAME = '${RECORDED_NAME}'
const YEARS_MS = 100 * 365 * 24 * 60 * 60 * 1000

function state() {
  if (SHOP_KIND === 'postgres') return PostgresState.at({ url, schema: NAME, poolSize: 4 })
  if (SHOP_KIND === 'dynamodb') return DynamoState.at({ endpoint: url, region: 'eu-west-1', table: NAME, create: true })
  return undefined
}

Booster.configure('local', (config) => {
  config.appName = 'shop'
  config.logLevel = 2
  const isSql = SHOP_KIND.startsWith('sql')
  config.providerPackage = isSql ? '@boostercloud/framework-provider-sql' : '@boostercloud/framework-provider-local'
  if (isSql) config.sqlProvider = url === '' ? { url: 'sqlite' } : { url, schema: NAME, poolSize: 4 }
  config.streamers = {
    log: LocalStreamer.with({ path: 'log', pollWaitMs: 50 }),
    out: SHOP_RECORDS ? new Away() : LocalStreamer.with({ path: 'out' }),
    seq: new Numbered(),
  } as never
  config.streaming = { state: state(), inboxRetentionMs: YEARS_MS, deadLetterRetentionMs: YEARS_MS }
})
`

const STREAMERS = `import { readFileSync, existsSync } from 'node:fs'
import { StreamerError } from '@boostercloud/streamer-connector'

const CAPABILITIES = {
  position: 'receiver',
  ordering: 'topic',
  durable: true,
  replay: true,
  maxEventBytes: 1_000_000,
  delivery: 'poll',
} as const

/** A broker that is away, and whose streamer takes nothing that is huge. */
export class Away {
  readonly capabilities = CAPABILITIES
  readonly facts = CAPABILITIES
  async publish(events: readonly unknown[]): Promise<void> {
    if (events.some((event) => (event as { text?: string }).text === 'huge')) {
      throw new StreamerError('EVENT_TOO_LARGE', 'The event is huge.', {} as never)
    }
    throw new Error('The broker is away.')
  }
  async poll(): Promise<never[]> {
    return []
  }
}

/** A log whose positions are plain numbers, as those of a JetStream stream are: as many events as a file says. */
export class Numbered {
  readonly capabilities = CAPABILITIES
  readonly facts = CAPABILITIES
  async publish(): Promise<void> {
    throw new Error('Nothing is published here.')
  }
  async poll(topic?: string, last?: string): Promise<unknown[]> {
    const count = existsSync('numbered') ? Number(readFileSync('numbered', 'utf8')) : 0
    const from = Number(last ?? 0)
    if (count <= from) await new Promise((resolve) => setTimeout(resolve, 50))
    return Array.from({ length: Math.max(0, count - from) }, (_, index) => {
      const n = from + index + 1
      const metadata = { key: 'all' }
      return { streamerId: 'seq', streamerTopic: topic, eventId: String(n), eventPayload: { key: 'all', n }, metadata }
    })
  }
}
`

const ORDERS = `import { Command, Entity, Projects, ReadModel, Reduces } from '@boostercloud/framework-core'
import { ProjectionResult, Register, UUID } from '@boostercloud/framework-types'
import { Event } from '@boostercloud/streamers'

@Event({ streamTo: 'out/placed' })
export class Placed {
  public constructor(readonly orderId: UUID, readonly text: string) {}
  public entityID(): UUID {
    return this.orderId
  }
}

@Entity
export class Order {
  public constructor(readonly id: UUID, readonly text: string) {}
  @Reduces(Placed)
  public static placed(event: Placed): Order {
    return new Order(event.orderId, event.text)
  }
}

@ReadModel({ authorize: 'all' })
export class OrderView {
  public constructor(readonly id: UUID, readonly text: string) {}
  @Projects(Order, 'id')
  public static ofOrder(order: Order): ProjectionResult<OrderView> {
    return new OrderView(order.id, order.text)
  }
}

@Command({ authorize: 'all' })
export class PlaceOrder {
  public constructor(readonly orderId: string, readonly text: string) {}
  public static async handle(command: PlaceOrder, register: Register): Promise<void> {
    register.events(new Placed(command.orderId as UUID, command.text))
  }
}
`

const JOURNAL = `import { Entity, Event, Projects, ReadModel, Reduces } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'

/** What a streamed handler has made of a note. */
@Event
export class Handled {
  public constructor(readonly journalId: UUID, readonly note: string) {}
  public entityID(): UUID {
    return this.journalId
  }
}

@Entity
export class Journal {
  public constructor(readonly id: UUID, readonly notes: string[]) {}
  @Reduces(Handled)
  public static handled(event: Handled, current?: Journal): Journal {
    return new Journal(event.journalId, [...(current?.notes ?? []), event.note])
  }
}

@ReadModel({ authorize: 'all' })
export class JournalView {
  public constructor(readonly id: UUID, readonly notes: string[]) {}
  @Projects(Journal, 'id')
  public static ofJournal(journal: Journal): ProjectionResult<JournalView> {
    return new JournalView(journal.id, journal.notes)
  }
}
`

const HANDLERS = `import { appendFileSync } from 'node:fs'
import { Register, UUID } from '@boostercloud/framework-types'
import { EventHandler } from '@boostercloud/streamers'
import { Handled } from './journal'

const { SHOP_RECORDS } = process.env
const HOUR_MS = 3_600_000

/** Writes down that it runs, then fails or registers what it has made of the note. */
function handle(handler: string, event: unknown, register: Register, fails = false): void {
  const { key, n } = event as { key: string; n: number }
  const note = key + n
  appendFileSync('runs', handler + ' ' + note + '\\n')
  if (fails) throw new Error('It fails on ' + note + '.')
  register.events(new Handled(handler as UUID, note))
}

const isOf = (event: unknown, ...notes: string[]): boolean => {
  const { key, n } = event as { key: string; n: number }
  return notes.includes(key + n)
}

@EventHandler({ streamedFrom: 'log/finished' })
export class Finished {
  public static async handle(event: unknown, register: Register): Promise<void> {
    handle('Finished', event, register)
  }
}

/** Fails on the first note of one key, and on another one always; the second attempt is the last one. */
@EventHandler({ streamedFrom: 'log/retried', retry: { attempts: 2, firstDelayMs: HOUR_MS, maxDelayMs: HOUR_MS, jitter: 0 } })
export class Retried {
  public static async handle(event: unknown, register: Register): Promise<void> {
    handle('Retried', event, register, isOf(event, 'worn1') || (SHOP_RECORDS !== undefined && isOf(event, 'k1')))
  }
}

@EventHandler({ streamedFrom: 'log/held', retry: { attempts: 1 }, afterDeadLetter: 'hold' })
export class Held {
  public static async handle(event: unknown, register: Register): Promise<void> {
    handle('Held', event, register, SHOP_RECORDS !== undefined)
  }
}

@EventHandler({ streamedFrom: 'log/let-go', retry: { attempts: 1 }, afterDeadLetter: 'continue' })
export class LetGo {
  public static async handle(event: unknown, register: Register): Promise<void> {
    handle('LetGo', event, register, SHOP_RECORDS !== undefined && isOf(event, 'l1'))
  }
}

@EventHandler({ streamedFrom: 'log/paused' })
export class Paused {
  public static async handle(event: unknown, register: Register): Promise<void> {
    handle('Paused', event, register)
  }
}

@EventHandler({ streamedFrom: 'log/broken' })
export class Broken {
  public static async handle(event: unknown, register: Register): Promise<void> {
    handle('Broken', event, register)
  }
}

/** Is at it when the recorded process ends. */
@EventHandler({ streamedFrom: 'log/hung' })
export class Hung {
  public static async handle(event: unknown, register: Register): Promise<void> {
    handle('Hung', event, register)
    if (SHOP_RECORDS !== undefined) await new Promise(() => undefined)
  }
}

/** Its outcome is written, and not stored, when the recorded process ends. */
@EventHandler({ streamedFrom: 'log/written' })
export class Written {
  public static async handle(event: unknown, register: Register): Promise<void> {
    handle('Written', event, register)
  }
}

@EventHandler({ streamedFrom: 'seq/all' })
export class Numbers {
  public static async handle(event: unknown, register: Register): Promise<void> {
    handle('Numbers', event, register)
  }
}
`

/** The sources of a shop that publishes its orders and handles notes of every fate; both versions compile them. */
export const SHOP: Readonly<Record<string, string>> = {
  'src/index.ts': INDEX,
  'src/config.ts': CONFIG,
  'src/streamers.ts': STREAMERS,
  'src/orders.ts': ORDERS,
  'src/journal.ts': JOURNAL,
  'src/handlers.ts': HANDLERS,
}
