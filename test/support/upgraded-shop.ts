import { existsSync } from 'node:fs'
import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import { startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import { ensureTable } from '../../packages/streamers-aws/src/state/table/ensure-table'
import { Command, run } from '../../packages/streamers-cli/test/support/command'
import { Service } from '../../packages/streamers-cli/test/support/notes-app'
import { BoosterApp } from '../../packages/streamers/test/support/booster-app'
import { eventually } from '../../packages/streamers/test/support/eventually'
import { RECORDED_NAME, SHOP, shopEnvironment } from '../upgrade/shop'
import type { Kind } from '../upgrade/shop'
import { FIXTURES, restoreDump } from './restore-dump'

const LIMIT_MS = 60_000

/** What `boost-streamers dead-letters list --json` says of one. */
export interface Given {
  readonly direction: 'in' | 'out'
  readonly place: string
  readonly handler?: string
  readonly key?: string
  readonly id: string
  readonly attempts?: number
  readonly holdsKey?: boolean
  readonly cause: { readonly message: string; readonly code?: string }
}

/** The shop of an earlier version, as this version finds it. */
export class UpgradedShop {
  private service?: Service
  private env: Record<string, string> = {}
  private url = ''

  private constructor(private readonly app: BoosterApp) {}

  public static async build(): Promise<UpgradedShop> {
    return new UpgradedShop(await BoosterApp.build(SHOP))
  }

  /** The server that a kind of shop needs; undefined: none. */
  public static async serverFor(kind: Kind): Promise<Server | undefined> {
    if (kind === 'dynamodb') return startServer('dynamodb')
    return kind.endsWith('postgres') ? startServer('postgres') : undefined
  }

  public get folder(): string {
    return this.app.folder
  }

  /** Puts everything where the earlier version left it. */
  public async restore(kind: Kind, server?: Server): Promise<void> {
    for (const name of ['.booster', 'log', 'out', 'runs', 'numbered']) {
      await rm(join(this.folder, name), { recursive: true, force: true })
    }
    const fixture = join(FIXTURES, kind)
    await cp(join(fixture, 'log'), join(this.folder, 'log'), { recursive: true })
    // With events and state in PostgreSQL there is nothing else in the folder.
    if (existsSync(join(fixture, 'booster')))
      await cp(join(fixture, 'booster'), join(this.folder, '.booster'), { recursive: true })
    await writeFile(join(this.folder, 'numbered'), '3')
    this.url = server?.url ?? ''
    this.env = shopEnvironment(kind, this.url)
    if (kind.endsWith('postgres')) await restoreDump(this.url, kind)
    if (kind === 'dynamodb') await restoreItems(this.url, join(fixture, 'items.json'))
  }

  public async start(): Promise<void> {
    this.service = await Service.start(this.folder, this.env)
  }

  /** What is said where the shop is started and refused. */
  public async refusal(): Promise<string> {
    const command = new Command(['start', '--port', '0', '--no-build'], { cwd: this.folder, env: this.env })
    try {
      await command.says('STORAGE_FOREIGN', LIMIT_MS)
      return command.out + command.err
    } finally {
      await command.end()
    }
  }

  /** Ends it as a deployment does. */
  public async stop(): Promise<void> {
    await this.service?.command.end('SIGTERM')
    this.service = undefined
  }

  public async remove(): Promise<void> {
    await this.service?.command.end()
    await this.app.remove()
  }

  /** Runs a command in the shop's folder; rejects where it fails. */
  public async command(...args: string[]): Promise<string> {
    const { code, out, err } = await run(args, { cwd: this.folder, env: this.env })
    if (code !== 0) throw new Error(`${args.join(' ')}: ${out}${err}`)
    return out
  }

  public async deadLetters(): Promise<Given[]> {
    return jsonLines(await this.command('dead-letters', 'list', '--json'))
  }

  /** What is known of a handler's link. */
  public async link(handler: string): Promise<Record<string, unknown> | undefined> {
    const links = jsonLines<Record<string, unknown>>(await this.command('links', 'list', '--json'))
    return links.find((link) => link.handler === handler)
  }

  /** Publishes notes, as somebody else does. */
  public async publish(
    topic: string,
    ...notes: readonly { readonly key: string; readonly n: number }[]
  ): Promise<void> {
    const log = LocalStreamer.with({ path: join(this.folder, 'log') })
    const events = notes.map((note) => {
      const metadata = { id: `${topic}-${note.key}${note.n}`, type: 'Noted', source: 'elsewhere', key: note.key }
      return withMetadata({ ...note, entityID: undefined as never }, metadata)
    })
    await log.publish(events as unknown as Parameters<LocalStreamer['publish']>[0], topic)
    await log.close()
  }

  /** How many events the numbered log has. */
  public async number(count: number): Promise<void> {
    await writeFile(join(this.folder, 'numbered'), String(count))
  }

  /** The notes that a handler of this version was run on, in order. */
  public async runs(handler: string): Promise<string[]> {
    const text = await readFile(join(this.folder, 'runs'), 'utf8').catch(() => '')
    return text.split('\n').flatMap((line) => (line.startsWith(`${handler} `) ? [line.slice(handler.length + 1)] : []))
  }

  /** The notes for which a handler's event is stored and projected, in order. */
  public async journal(handler: string): Promise<string[]> {
    const view = await this.query<{ notes: string[] }>(`JournalView(id: "${handler}") { id notes }`)
    return view?.notes ?? []
  }

  /** The text of an order. */
  public async order(id: string): Promise<string | undefined> {
    return (await this.query<{ text: string }>(`OrderView(id: "${id}") { id text }`))?.text
  }

  /** The orders that were published, in order. */
  public async published(): Promise<string[]> {
    const out = LocalStreamer.with({ path: join(this.folder, 'out') })
    const orders: string[] = []
    for await (const { eventPayload } of out.read('placed', {}))
      orders.push((eventPayload as { orderId: string }).orderId)
    await out.close()
    return orders
  }

  /** Waits until a list is as expected, and says what it is instead. */
  public async until<T>(list: () => Promise<T>, expected: T): Promise<void> {
    const wanted = JSON.stringify(expected)
    await eventually(
      async () => JSON.stringify(await list()) === wanted,
      async () => ({ wanted, is: await list() }),
      LIMIT_MS
    )
  }

  private async query<T>(what: string): Promise<T | undefined> {
    const answer = await fetch(`http://127.0.0.1:${this.service?.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `query { found: ${what} }` }),
    })
    return ((await answer.json()) as { data: { found?: T } }).data.found ?? undefined
  }
}

function jsonLines<T>(text: string): T[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]))
}

async function restoreItems(endpoint: string, path: string): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials })
  try {
    await ensureTable(client, RECORDED_NAME)
    for (const item of JSON.parse(await readFile(path, 'utf8'), withBytes) as Record<string, AttributeValue>[])
      await client.send(new PutItemCommand({ TableName: RECORDED_NAME, Item: item }))
  } finally {
    client.destroy()
  }
}

function withBytes(_: string, value: unknown): unknown {
  const { base64 } = (value ?? {}) as { base64?: string }
  return base64 === undefined ? value : Buffer.from(base64, 'base64')
}

/** The SQLite files of a folder. */
export async function sqliteFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter(({ name }) => name.endsWith('.sqlite')).map(({ parentPath, name }) => join(parentPath, name))
}
