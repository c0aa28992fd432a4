import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { BrokerKind, Place } from '../broker-kind'
import { dataFolder, keptFolder, logFile, noteFile, readNote, writeNote } from './kept-note'
import { notStarted } from './kept-process'
import { brokerKind, brokerNames } from '../kinds'
import { keptPlace } from '../places'
import { runToEnd } from '../run'
import { programsOf } from '../start-server'

/**
 * A server that runs on its own until somebody takes it down.
 * @internal
 */
export interface KeptServer {
  readonly name: string
  readonly title: string
  /** The variable by which programs find it. */
  readonly variable: string
  /** With its password. */
  readonly url: string
  /** Where it listens on 127.0.0.1. */
  readonly port: number
  readonly pid: number
  /** Where its data and its log are. */
  readonly folder: string
}

const READY_MS = 60_000
const GRACE_MS = 15_000

/**
 * Starts a server that outlives this process, from what is installed or else fetched, on the data it had the last time; answers the one that
 * runs already if there is one. Resolves when it answers. Rejects with `OPTION_INVALID`, `PACKAGE_MISSING` or `STREAMER_UNAVAILABLE`, or with
 * `CLOSED` where `signal` aborts it: then nothing is left that runs.
 * @internal
 */
export async function bringUp(name: string, { signal }: { signal?: AbortSignal } = {}): Promise<KeptServer> {
  const kind = brokerKind(name)
  const known = await runningServer(kind)
  if (known) {
    await untilReady(kind, known.port, { signal, lives: () => isOurs(known.pid, kind) })
    return known
  }
  const programs = await programsFor(kind)
  refuseAborted(signal)
  await mkdir(keptFolder(), { recursive: true, mode: 0o755 })
  const { secret = randomBytes(12).toString('hex') } = (await readNote(kind)) ?? {}
  const place = await keptPlace(kind, dataFolder(kind), secret)
  await writeNote(kind, { secret })
  await kind.prepare(programs, place)
  return startKept(kind, programs, place, signal)
}

/**
 * Ends a kept server in order; its data stay, unless they are to go too. Answers whether one ran.
 * @internal
 */
export async function takeDown(name: string, { withData = false }: { withData?: boolean } = {}): Promise<boolean> {
  const kind = brokerKind(name)
  const server = await runningServer(kind)
  const note = await readNote(kind)
  if (server) await endProcess(server.pid, kind, () => isOurs(server.pid, kind))
  if (note?.running?.cleanUp) await runToEnd(note.running.cleanUp).catch(() => undefined)
  if (withData) {
    await rm(dataFolder(kind), { recursive: true, force: true })
    await rm(noteFile(kind), { force: true })
  } else if (note) await writeNote(kind, { secret: note.secret })
  return server !== undefined
}

/**
 * The kept servers that run.
 * @internal
 */
export async function keptServers(): Promise<KeptServer[]> {
  const found = await Promise.all(brokerNames.map((name) => runningServer(brokerKind(name))))
  return found.filter((server): server is KeptServer => server !== undefined)
}

async function programsFor(kind: BrokerKind): Promise<string> {
  const installed = await programsOf(kind, 'installed')
  const found = 'folder' in installed ? installed : await programsOf(kind, 'fetched')
  if ('folder' in found) return found.folder
  throw new StreamerError('PACKAGE_MISSING', `There is no ${kind.title} here: it is not installed, ${found.missing}.`, {
    hint: kind.hint,
  })
}

async function startKept(kind: BrokerKind, programs: string, place: Place, signal?: AbortSignal): Promise<KeptServer> {
  const { port, secret } = place
  const server = await spawned(kind, programs, place)
  const pid = server.pid as number
  const lives = (): boolean => server.exitCode === null && server.signalCode === null
  const running = { url: kind.url(place), port, pid, cleanUp: kind.cleanUp?.(programs, place) }
  // Before it answers: who starts it may be killed, and it is found nevertheless.
  await writeNote(kind, { secret, running })
  try {
    await untilReady(kind, port, { signal, lives })
  } catch (error) {
    if (lives()) await endProcess(pid, kind, lives)
    await takeDown(kind.name)
    throw error
  }
  return { ...about(kind), url: running.url, port, pid }
}

async function spawned(kind: BrokerKind, programs: string, place: Place): Promise<ChildProcess> {
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
  server.unref()
  try {
    await once(server, 'spawn')
  } catch {
    throw await notStarted({ file, log: logFile(kind) })
  }
  return server
}

async function untilReady(
  kind: BrokerKind,
  port: number,
  { signal, lives }: { signal?: AbortSignal; lives: () => boolean | Promise<boolean> }
): Promise<void> {
  const end = Date.now() + READY_MS
  while (!(await kind.ready({ port }))) {
    refuseAborted(signal)
    if (!(await lives()) || Date.now() > end) throw await notStarted({ file: kind.title, log: logFile(kind) })
    await pause(50)
  }
}

function refuseAborted(signal?: AbortSignal): void {
  if (signal?.aborted) throw new StreamerError('CLOSED', 'The start was interrupted. Nothing is left running.')
}

/** A pid may have passed to another program, which does not name our folder. */
async function runningServer(kind: BrokerKind): Promise<KeptServer | undefined> {
  const running = (await readNote(kind))?.running
  if (!running || !(await isOurs(running.pid, kind))) return undefined
  const { url, port, pid } = running
  return { ...about(kind), url, port, pid }
}

async function isOurs(pid: number, kind: BrokerKind): Promise<boolean> {
  const said = await runToEnd({ file: 'ps', args: ['-ww', '-p', `${pid}`, '-o', 'stat=,args='] }).catch(() => '')
  return said.includes(dataFolder(kind)) && !said.trimStart().startsWith('Z')
}

async function endProcess(pid: number, kind: BrokerKind, lives: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + GRACE_MS
  send(pid, kind.stopSignal)
  while (await lives()) {
    if (Date.now() > end) send(pid, 'SIGKILL')
    await pause(50)
  }
}

/** It may have ended by itself at this moment. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown
  }
}

function about(kind: BrokerKind): Pick<KeptServer, 'name' | 'title' | 'variable' | 'folder'> {
  return { name: kind.name, title: kind.title, variable: kind.variable, folder: dataFolder(kind) }
}
