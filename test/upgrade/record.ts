/**
 * Records what an earlier version of the packages leaves behind when its process is killed: `npx tsx test/upgrade/record.ts ROOT [KIND…]`, where ROOT is a built
 * working copy of that version. See README.md beside this file.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as DynamoDB from '@aws-sdk/client-dynamodb'
import type { Server } from '@boostercloud/dev-brokers'
import type { BoosterApp } from '../../packages/streamers/test/support/booster-app'
import type { Command } from '../../packages/streamers-cli/test/support/command'
import type { Service } from '../../packages/streamers-cli/test/support/notes-app'
import { KINDS, RECORDED_NAME, SHOP, shopEnvironment } from './shop'
import type { Kind } from './shop'

const FIXTURES = join(__dirname, 'fixtures')
/** What is recorded is from then, so that it is in the past for whoever reads it. */
const RECORDED_AT = Date.parse('2025-01-15T12:00:00Z')
const CLOCK = join(__dirname, 'clock-back.cjs')

/** The earlier version's own tools. */
interface Old {
  readonly root: string
  readonly require: NodeRequire
  readonly BoosterApp: typeof BoosterApp
  readonly Command: typeof Command
  readonly Service: typeof Service
  readonly startServer: (name: string) => Promise<Server>
}

async function main([root, ...kinds]: readonly string[]): Promise<void> {
  process.env.CLOCK_BACK_MS = String(Date.now() - RECORDED_AT)
  createRequire(__filename)(CLOCK)
  const old = loadOld(root)
  const app = await old.BoosterApp.build(SHOP)
  try {
    for (const kind of kinds.length > 0 ? (kinds as Kind[]) : KINDS) {
      await record(old, app.folder, kind)
      process.stdout.write(`recorded ${kind}\n`)
    }
  } finally {
    await app.remove()
  }
}

function loadOld(root: string): Old {
  const require = createRequire(join(root, 'package.json'))
  const cli = join(root, 'packages', 'streamers-cli', 'test', 'support')
  const { BoosterApp } = require(join(root, 'packages', 'streamers', 'test', 'support', 'booster-app.ts'))
  const { Command } = require(join(cli, 'command.ts'))
  const { Service } = require(join(cli, 'notes-app.ts'))
  const { startServer } = require('@boostercloud/dev-brokers')
  return { root, require, BoosterApp, Command, Service, startServer }
}

async function record(old: Old, folder: string, kind: Kind): Promise<void> {
  const server = await serverFor(old, kind)
  for (const name of ['.booster', 'log', 'runs', 'numbered', 'die']) {
    await rm(join(folder, name), { recursive: true, force: true })
  }
  const env = { ...shopEnvironment(kind, server?.url), NODE_OPTIONS: `--require ${CLOCK}`, SHOP_RECORDS: 'yes' }
  try {
    await play(old, folder, env, kind)
    await keep(old, folder, kind, server)
  } finally {
    await server?.stop()
  }
}

async function serverFor(old: Old, kind: Kind): Promise<Server | undefined> {
  if (kind === 'dynamodb') return old.startServer('dynamodb')
  return kind.endsWith('postgres') ? old.startServer('postgres') : undefined
}

/** A service runs until everything that can become of an event has become of one, and is killed. */
async function play(old: Old, folder: string, env: Record<string, string>, kind: Kind): Promise<void> {
  const run = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await new old.Command(args, { cwd: folder, env }).ended
    if (code !== 0) throw new Error(`${args.join(' ')}: ${out}${err}`)
    return out
  }
  await writeFile(join(folder, 'numbered'), '3')
  await run('links', 'pause', 'log/paused', 'Paused')
  await publishNotes(old, folder)
  const service = await old.Service.start(folder, env)
  for (const [orderId, text] of [
    ['o1', 'huge'],
    ['o2', 'soup'],
    ['o3', 'stew'],
  ]) {
    await place(service.port, orderId, text)
  }
  const runs = async (): Promise<string> => readFile(join(folder, 'runs'), 'utf8').catch(() => '')
  await until('handlers to have run', async () => (await runs()).split('\n').length - 1 === EXPECTED_RUNS)
  await until('links to be as expected', async () => {
    const out = await run('links', 'list', '--json')
    const links = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const parked = Object.fromEntries(links.map((link) => [link.handler, `${link.parked}+${link.deadLetters}`]))
    const given = await run('dead-letters', 'list', '--json')
    const isRefused = given.includes('"direction":"out"')
    const isBroken = given.includes('EVENT_UNDECODABLE')
    const numbers = links.find(({ handler }) => handler === 'Numbers')
    const isThere = Object.entries(PARKED).every(([handler, count]) => parked[handler] === count)
    if (isThere && isRefused && isBroken && numbers?.position === '3') return true
    process.stderr.write(`${JSON.stringify({ parked, isRefused, isBroken, position: numbers?.position })}\n`)
    return false
  })
  if (kind.startsWith('sql')) {
    await publish(old, folder, 'written', [{ key: 's', n: 1 }])
    await until('it to have run', async () => (await runs()).includes('Written s1'))
    await service.command.end('SIGKILL')
  } else {
    await writeFile(join(folder, 'die'), '')
    await publish(old, folder, 'written', [{ key: 's', n: 1 }])
    await service.command.ended
  }
}

/** A line each: Finished 2, Retried 2, Held 1, LetGo 2, Hung 1, Numbers 3. */
const EXPECTED_RUNS = 11
/** What is parked, and the dead letters among it. */
const PARKED = { Retried: '4+0', Held: '1+1', LetGo: '0+1', Paused: '1+0' }

async function publishNotes(old: Old, folder: string): Promise<void> {
  await publish(old, folder, 'finished', [
    { key: 'a', n: 1 },
    { key: 'b', n: 2 },
  ])
  const retried = [
    { key: 'k', n: 1 },
    { key: 'k', n: 2 },
    { key: 'k', n: 3 },
    { key: 'worn', n: 1 },
  ]
  await publish(old, folder, 'retried', retried)
  await publish(old, folder, 'held', [
    { key: 'h', n: 1 },
    { key: 'h', n: 2 },
  ])
  await publish(old, folder, 'let-go', [
    { key: 'l', n: 1 },
    { key: 'l', n: 2 },
  ])
  await publish(old, folder, 'paused', [{ key: 'p', n: 1 }])
  await publish(old, folder, 'hung', [{ key: 'x', n: 1 }])
  await publish(old, folder, 'broken', [{ key: 'z', n: 1 }], 'not JSON')
}

/** `body`: in place of the notes' own. */
async function publish(
  old: Old,
  folder: string,
  topic: string,
  notes: readonly { key: string; n: number }[],
  body?: string
): Promise<void> {
  const { LocalStreamer } = old.require('@boostercloud/local-streamer')
  const { cloudEvents, withMetadata } = old.require('@boostercloud/streamer-connector')
  const encode = async (event: object, metadata: object): Promise<object> => ({
    ...(await cloudEvents.encode(event, metadata)),
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  })
  const codec = { ...cloudEvents, encode }
  const log = LocalStreamer.with({ path: join(folder, 'log'), codec })
  const events = notes.map((note) =>
    withMetadata(
      { ...note },
      { id: `${topic}-${note.key}${note.n}`, type: 'Noted', source: 'elsewhere', key: note.key, correlationId: 'c' }
    )
  )
  await log.publish(events, topic)
  await log.close()
}

async function place(port: number, orderId: string, text: string): Promise<void> {
  const query = `mutation { PlaceOrder(input: { orderId: "${orderId}", text: "${text}" }) }`
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const said = await answer.text()
  if (!said.includes('"PlaceOrder":true')) throw new Error(said)
}

async function keep(old: Old, folder: string, kind: Kind, server?: Server): Promise<void> {
  const target = join(FIXTURES, kind)
  await rm(target, { recursive: true, force: true })
  await mkdir(target, { recursive: true })
  for (const name of ['.booster', 'log']) {
    if (!existsSync(join(folder, name))) continue
    await checkpoint(old, join(folder, name))
    // The files beside those of SQLite come and go with whoever has them open.
    const isKept = async (path: string): Promise<boolean> =>
      /\.(sqlite|json)$/.test(path) || (!/sqlite-\w+$/.test(path) && (await stat(path)).isDirectory())
    await cp(join(folder, name), join(target, plain(name)), { recursive: true, filter: isKept })
  }
  if (server && kind.endsWith('postgres')) await writeFile(join(target, 'dump.sql'), await dumped(server.url))
  if (server && kind === 'dynamodb') await writeFile(join(target, 'items.json'), await scanned(old, server.url))
}

/** Folders that begin with a dot are ignored by the tools of this repository. */
function plain(name: string): string {
  return name.replace(/^\./, '')
}

/** What is in a file's write-ahead log is written to the file. */
async function checkpoint({ require }: Old, folder: string): Promise<void> {
  const { DatabaseSync } = require('@photostructure/sqlite')
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.sqlite')) continue
    const database = new DatabaseSync(join(entry.parentPath, entry.name))
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
  }
}

async function dumped(url: string): Promise<string> {
  const versions = (await readdir('/usr/lib/postgresql')).sort((a, b) => Number(b) - Number(a))
  const program = join('/usr/lib/postgresql', versions[0], 'bin', 'pg_dump')
  const args = ['--inserts', '--no-owner', '--no-privileges', '--no-comments', `--schema=${RECORDED_NAME}`, url]
  const text = execFileSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('--') && !line.startsWith('\\'))
    .join('\n')
}

async function scanned(old: Old, endpoint: string): Promise<string> {
  const requireForAws = createRequire(join(old.root, 'packages', 'streamers-aws', 'package.json'))
  const { DynamoDBClient, ScanCommand } = requireForAws('@aws-sdk/client-dynamodb') as typeof DynamoDB
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint, region: 'eu-west-1', credentials })
  const { Items = [] } = await client.send(new ScanCommand({ TableName: RECORDED_NAME }))
  client.destroy()
  const asText = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value
  return `${JSON.stringify(Items, bytesAsText(asText), 1)}\n`
}

/** A `Buffer` turns itself into something else before a replacer sees it. */
function bytesAsText(replace: (key: string, value: unknown) => unknown) {
  return function (this: Record<string, unknown>, key: string): unknown {
    return replace(key, this[key])
  }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 120_000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${String((error as Error).stack)}\n`)
  process.exitCode = 1
})
