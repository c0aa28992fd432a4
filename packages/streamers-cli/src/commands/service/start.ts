import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Server } from 'node:http'
import { StreamerError, answerOwnNamesOnly, isStreamerError } from '@boostercloud/streamer-connector'
import type { AppPublication, HandlerCheck, StreamingHealth } from '@boostercloud/streamers/runtime'
import { Command, InvalidArgumentError } from 'commander'
import pc from 'picocolors'
import { loadApp } from '../../app/app'
import type { AppConfig } from '../../app/app'
import { buildApp } from '../../app/build'
import { environmentOption } from '../../terminal/environment'
import { tellParent } from '../../dev/started'
import { accepts, freePort } from '../../free-port'
import { requireFreshSchemas } from '../../app/fresh-schemas'
import { handlerLines, publicationLines, recordingLines, streamerLines } from '../../terminal/banner'
import { listenOnLoopback } from '../../loopback'
import { logAs, logFormatOption } from '../../app/log-format'
import type { LogFormat } from '../../app/log-format'
import { streamersOf } from '../../app/operated-app'
import type { OperatedConfig } from '../../app/operated-app'
import { print } from '../../terminal/output'
import { OWN_COMMAND } from '../../own-command'
import { stopOnSignals } from '../../terminal/stop-on-signals'
import { drainApp } from './drain-app'

const WEB_SOCKET_PORT = 'LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT'
const LISTENS_WITHIN_MS = 30_000
/** Long enough for a broker on this machine; for one that is away there is health. */
const CONNECTS_WITHIN_MS = 3_000
const LOOKS_EVERY_MS = 20

interface StartOptions {
  readonly environment: string
  readonly port: number
  readonly build: boolean
  readonly cors: readonly string[]
  readonly logFormat?: LogFormat
  readonly provision?: boolean
}

/** `boost-streamers start`. */
export function startCommand(): Command {
  return new Command('start')
    .description('build and start the Booster app in the current folder, reachable from this machine only')
    .addOption(environmentOption())
    .option('-p, --port <number>', "the port of the app's GraphQL API; 0 or auto takes a free one", toPort, 3000)
    .option('--cors <origin...>', 'origins whose pages may send requests, such as http://localhost:5173', toOrigins, [])
    .option('--no-build', 'start the existing build')
    .addOption(logFormatOption())
    .option('--provision', "first create topics, streams and queues that are missing at the app's brokers")
    .addHelpText(
      'after',
      `
The app listens only on 127.0.0.1, and answers only requests to this machine's own names, such as localhost. Pages of
other origins are refused (403), unless --cors names them. SIGINT and SIGTERM let running handlers finish.

Examples:
  $ boost-streamers start
  $ boost-streamers start --port 0 --no-build
  $ boost-streamers start --log-format json
  $ boost-streamers start --env staging --port 4000
  $ boost-streamers start --cors http://localhost:5173`
    )
    .action(start)
}

async function start(options: StartOptions): Promise<void> {
  const { environment, port: wanted, build, cors } = options
  if (build) await buildApp(process.cwd())
  if (options.provision) await provisionApart(environment)
  const port = wanted === 0 ? await freePort() : wanted
  if (await accepts(port)) throw portTaken(port)
  process.env[WEB_SOCKET_PORT] ??= String(await freePort())
  listenOnLoopback()
  answerOwnNamesOnly(Server.prototype, { origins: cors }, 'Allow pages of others with --cors ORIGIN.\n')
  stopOnSignals(drainApp)
  const { config } = loadApp(process.cwd(), environment)
  logAs(config, options.logFormat, () => streamersOf(process.cwd()))
  const streams = streamsOf(config)
  requireFreshSchemas(streams.checks)
  await startProvider(config, environment, port)
  await listening(port)
  const url = `http://127.0.0.1:${port}/graphql`
  await print(`${pc.green('✓')} ${config.appName} (${environment}) listens at ${url}`)
  await printStreams(streams)
  const { appName } = config
  tellParent({ appName, url, publishes: addressesOf(streams.publications), handles: addressesOf(streams.checks) })
}

/** In a process of its own: the connectors of this one are opened by the service itself. */
async function provisionApart(environment: string): Promise<void> {
  const child = fork(OWN_COMMAND, ['provision', '--env', environment], { stdio: 'inherit' })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code === 0) return
  throw new StreamerError(
    'STREAMER_UNAVAILABLE',
    'Missing topics, streams or queues could not be created at the brokers.',
    {
      at: '--provision',
      hint: 'See the output above.',
    }
  )
}

async function startProvider(config: AppConfig, environment: string, port: number): Promise<void> {
  const infrastructure = config.provider.infrastructure()
  if (!infrastructure.start) {
    throw new StreamerError('OPTION_INVALID', 'The provider of this environment cannot be started on this machine.', {
      at: `environment ${environment}`,
      hint: 'Use an environment whose provider runs locally.',
    })
  }
  await infrastructure.start(config, port)
}

function addressesOf(of: ReadonlyArray<{ readonly address: string }>): string[] {
  return [...new Set(of.map(({ address }) => address))]
}

/** What an app publishes and handles. */
interface Streams {
  readonly publications: readonly AppPublication[]
  readonly checks: readonly HandlerCheck[]
  health(): Promise<StreamingHealth | undefined>
  /** Where its events are recorded. */
  readonly lake?: string
}

const NO_STREAMS: Streams = { publications: [], checks: [], health: () => Promise.resolve(undefined) }

function streamsOf(config: AppConfig): Streams {
  try {
    const streamers = streamersOf(process.cwd())
    const operated = config as unknown as OperatedConfig
    return {
      publications: streamers.publicationsOf(operated),
      checks: streamers.handlerChecks(operated),
      health: () => streamers.streamingHealth(operated),
      lake: operated.streaming?.lake?.place,
    }
  } catch (error) {
    if (isStreamerError(error, 'PACKAGE_MISSING')) return NO_STREAMS
    throw error
  }
}

/** Says what goes out, what comes in, and whether the brokers are connected; waits for them a moment. */
async function printStreams({ publications, checks, health, lake }: Streams): Promise<void> {
  for (const line of [...publicationLines(publications), ...handlerLines(checks)]) await print(line)
  let found: Pick<StreamingHealth, 'streamers' | 'recordings'> = { streamers: [], recordings: [] }
  await until(async () => {
    found = (await health()) ?? found
    return [...found.streamers, ...found.recordings].every(({ healthy }) => healthy)
  }, CONNECTS_WITHIN_MS)
  for (const line of streamerLines(found.streamers)) await print(line)
  if (lake !== undefined) for (const line of recordingLines(found.recordings, lake)) await print(line)
}

/** Resolves when something accepts connections there. */
async function listening(port: number): Promise<void> {
  if (await until(() => accepts(port), LISTENS_WITHIN_MS)) return
  throw new StreamerError('STREAMER_UNAVAILABLE', `Nothing listens on port ${port} after ${LISTENS_WITHIN_MS} ms.`, {
    hint: 'See the output of the app above.',
  })
}

/** Looks until something is so, for a limited time. Answers whether it is. */
async function until(isSo: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs
  while (!(await isSo())) {
    if (performance.now() > end) return false
    await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY_MS))
  }
  return true
}

function portTaken(port: number): StreamerError {
  return new StreamerError('OPTION_INVALID', `Another process already listens on port ${port}.`, {
    at: '--port',
    hint: 'Stop it, or use another port; 0 takes a free one.',
  })
}

function toPort(text: string): number {
  const port = text === 'auto' ? 0 : Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("It must be a number from 0 to 65535, or 'auto'.")
  return port
}

function toOrigins(text: string, before: readonly string[]): readonly string[] {
  if (!URL.canParse(text) || new URL(text).origin !== text)
    throw new InvalidArgumentError('It must be an origin without a path, such as http://localhost:5173.')
  return [...before, text]
}
