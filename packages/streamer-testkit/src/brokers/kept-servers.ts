import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { BrokerKind, Command, Place } from './broker-kind'
import { notStarted } from './kept-process'
import { brokerKind, brokerNames } from './kinds'
import { cacheFolder, keptPlace } from './places'
import { runToEnd } from './run'
import { programsOf } from './start-server'

/** A server that runs on its own until somebody takes it down. */
export interface KeptServer {
  readonly name: string
  readonly title: string
  /** The variable by which programs find it. */
  readonly variable: string
  /** With its password. */
  readonly url: string
  readonly pid: number
  /** Where its data and its log are. */
  readonly folder: string
}

/** What is written down of one. */
interface Note {
  /** Its data know no other. */
  readonly secret: string
  readonly running?: Pick<KeptServer, 'url' | 'pid'> & { readonly cleanUp?: Command }
}

const READY_MS = 60_000
const GRACE_MS = 15_000

/**
 * Starts a server that outlives this process, from what is installed or else fetched, on the data it had the last time; answers the one that
 * runs already if there is one. Rejects with `OPTION_INVALID`, `PACKAGE_MISSING` or `STREAMER_UNAVAILABLE`.
 */
export async function bringUp(name: string): Promise<KeptServer> {
  const kind = brokerKind(name)
  const known = await runningServer(kind)
  if (known) return known
  const programs = await programsFor(kind)
  await mkdir(keptFolder(), { recursive: true, mode: 0o755 })
  const { secret = randomBytes(12).toString('hex') } = (await readNote(kind)) ?? {}
  const place = await keptPlace(kind, dataFolder(kind), secret)
  await writeNote(kind, { secret })
  await kind.prepare(programs, place)
  const server = start(kind, programs, place)
  await untilReady(kind, place, server)
  const { url, pid } = { url: kind.url(place), pid: server.pid as number }
  await writeNote(kind, { secret, running: { url, pid, cleanUp: kind.cleanUp?.(programs, place) } })
  return { ...about(kind), url, pid }
}

/** Ends a kept server in order; its data stay, unless they are to go too. Answers whether one ran. */
export async function takeDown(name: string, { withData = false }: { withData?: boolean } = {}): Promise<boolean> {
  const kind = brokerKind(name)
  const server = await runningServer(kind)
  const note = await readNote(kind)
  if (server) {
    await endProcess(server, kind.stopSignal)
    if (note?.running?.cleanUp) await runToEnd(note.running.cleanUp).catch(() => undefined)
  }
  if (withData) {
    await rm(dataFolder(kind), { recursive: true, force: true })
    await rm(noteFile(kind), { force: true })
  } else if (note) await writeNote(kind, { secret: note.secret })
  return server !== undefined
}

/** The kept servers that run. */
export async function keptServers(): Promise<KeptServer[]> {
  const found = await Promise.all(brokerNames.map((name) => runningServer(brokerKind(name))))
  return found.filter((server): server is KeptServer => server !== undefined)
}

async function programsFor(kind: BrokerKind): Promise<string> {
  const installed = await programsOf(kind, 'installed')
  const found = 'folder' in installed ? installed : await programsOf(kind, 'fetched')
  if ('folder' in found) return found.folder
  throw new StreamerError('PACKAGE_MISSING', `There is no ${kind.title} here: it is not installed, ${found.missing}.`, {
    mend: kind.mend,
  })
}

function start(kind: BrokerKind, programs: string, place: Place): ChildProcess {
  const { file, args, env } = kind.command(programs, place)
  const log = openSync(logFile(kind), 'a', 0o600)
  const server = spawn(file, [...args], {
    ...place.user,
    cwd: place.folder,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  server.once('error', () => undefined)
  server.unref()
  return server
}

async function untilReady(kind: BrokerKind, place: Place, server: ChildProcess): Promise<void> {
  const end = Date.now() + READY_MS
  while (!(await kind.ready(place))) {
    if (server.pid === undefined || server.exitCode !== null || Date.now() > end) {
      server.kill('SIGKILL')
      throw await notStarted({ file: kind.title, log: logFile(kind) })
    }
    await pause(50)
  }
}

/** A pid may have passed to another program, which does not name our folder. */
async function runningServer(kind: BrokerKind): Promise<KeptServer | undefined> {
  const running = (await readNote(kind))?.running
  if (!running || !(await isOurs(running.pid, kind))) return undefined
  const { url, pid } = running
  return { ...about(kind), url, pid }
}

async function isOurs(pid: number, kind: BrokerKind): Promise<boolean> {
  const said = await runToEnd({ file: 'ps', args: ['-ww', '-p', `${pid}`, '-o', 'stat=,args='] }).catch(() => '')
  return said.includes(dataFolder(kind)) && !said.trimStart().startsWith('Z')
}

async function endProcess({ pid, name }: KeptServer, signal: NodeJS.Signals): Promise<void> {
  const kind = brokerKind(name)
  process.kill(pid, signal)
  const end = Date.now() + GRACE_MS
  while (await isOurs(pid, kind)) {
    if (Date.now() > end) process.kill(pid, 'SIGKILL')
    await pause(50)
  }
}

function about(kind: BrokerKind): Pick<KeptServer, 'name' | 'title' | 'variable' | 'folder'> {
  return { name: kind.name, title: kind.title, variable: kind.variable, folder: dataFolder(kind) }
}

async function readNote(kind: BrokerKind): Promise<Note | undefined> {
  try {
    return JSON.parse(await readFile(noteFile(kind), 'utf8')) as Note
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}

async function writeNote(kind: BrokerKind, note: Note): Promise<void> {
  const half = `${noteFile(kind)}.${process.pid}`
  await writeFile(half, JSON.stringify(note), { mode: 0o600 })
  await rename(half, noteFile(kind))
}

function keptFolder(): string {
  return join(cacheFolder(), 'kept')
}

function dataFolder({ name }: BrokerKind): string {
  return join(keptFolder(), name)
}

function noteFile({ name }: BrokerKind): string {
  return join(keptFolder(), `${name}.json`)
}

function logFile({ name }: BrokerKind): string {
  return join(keptFolder(), `${name}.log`)
}
