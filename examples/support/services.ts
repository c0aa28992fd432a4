import { join } from 'node:path'
import { ChildProcess } from './child-process'
import type { Program } from './child-process'
import { graphql } from './graphql'
import { readJourney } from './journey'
import type { Journey } from './journey'
import { waitFor } from './wait-for'
import { ROOT } from './workspace'
import type { Workspace } from './workspace'

/** A signal for those who never abort. */
const NEVER = new AbortController().signal

const CLI = join(ROOT, 'node_modules/.bin/boost-streamers')

/** One that ends instead of answering is known at once. */
const ANSWER_LIMIT_MS = 150_000

/** What a Booster service is started with. */
export interface ServiceOptions {
  readonly workspace: Pick<Workspace, 'folder' | 'environment' | 'settings'>
  readonly port: number
  readonly webSocketPort: number
  readonly onJourney?: (journey: Journey) => void
  readonly signal?: AbortSignal
}

/** A Booster service that runs. */
export interface Service extends ChildProcess {
  /** Of its GraphQL API. */
  readonly url: string
}

/** A service without Booster that runs. */
export interface ForeignService extends ChildProcess {
  /** Resolves when it has said that it listens. */
  readonly listening: Promise<void>
}

/** Starts a Booster service in its folder of the workspace, and resolves when its GraphQL API answers. */
export async function startService(
  name: string,
  { workspace, port, webSocketPort, onJourney, signal = NEVER }: ServiceOptions
): Promise<Service> {
  const url = `http://127.0.0.1:${port}/graphql`
  const options = ['start', '--no-build', '--environment', workspace.environment, '--port', String(port)]
  const service = new ChildProcess(name, [process.execPath, CLI, ...options], {
    cwd: join(workspace.folder, name),
    env: { ...environmentOf(workspace), LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT: String(webSocketPort) },
    onLine: (line) => readJourney(line, onJourney),
  })
  try {
    await Promise.race([answering(url, AbortSignal.any([signal, service.ended])), service.failed])
  } catch (error) {
    await service.kill()
    throw error
  }
  return Object.assign(service, { url })
}

/** Starts a service without Booster; `onLine` is given each line of JSON that it tells. */
export function startForeignService<Line>(
  name: string,
  program: Program,
  {
    workspace,
    onLine,
  }: { readonly workspace: Pick<Workspace, 'folder' | 'settings'>; readonly onLine?: (line: Line) => void }
): ForeignService {
  let listens: () => void = () => undefined
  const listening = new Promise<void>((resolve) => (listens = resolve))
  const service = new ChildProcess(name, program, {
    cwd: workspace.folder,
    env: { ...process.env, ...workspace.settings },
    onLine: (text) => {
      if (!text.startsWith('{')) return false
      const line = JSON.parse(text) as Line & { readonly listening?: unknown }
      if (line.listening) listens()
      onLine?.(line)
      return true
    },
  })
  return Object.assign(service, { listening })
}

/** The environment of a program of a workspace; it tells of journeys. */
export function environmentOf({ settings }: Pick<Workspace, 'settings'>): NodeJS.ProcessEnv {
  return { ...process.env, ...settings, BLOG_JOURNEY: '1' }
}

function answering(url: string, signal: AbortSignal): Promise<unknown> {
  return waitFor(`${url} to answer`, () => graphql(url, '{ __typename }'), { signal, limitMs: ANSWER_LIMIT_MS })
}
