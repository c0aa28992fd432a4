import { Server } from 'node:http'
import { connect } from 'node:net'
import { StreamerError, answerOwnNamesOnly, isStreamerError } from '@boostercloud/streamer-connector'
import type { HandlerCheck } from '@boostercloud/streamers/runtime'
import { Command, InvalidArgumentError } from 'commander'
import pc from 'picocolors'
import { loadApp } from '../app'
import type { AppConfig } from '../app'
import { buildApp } from '../build'
import { environmentOption } from '../environment'
import { freePort } from '../free-port'
import { requireFreshSchemas } from '../fresh-schemas'
import { handlerLines } from '../handler-lines'
import { listenOnLoopback } from '../loopback'
import { logAs, logFormatOption } from '../log-format'
import type { LogFormat } from '../log-format'
import { streamersOf } from '../operated-app'
import type { OperatedConfig } from '../operated-app'
import { print } from '../output'
import { stopOnSignals } from '../stop-on-signals'

/** Where the streams of a running app leave the function that drains them. */
const DRAIN = Symbol.for('@boostercloud/streamers#drain')
const WEB_SOCKET_PORT = 'LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT'
const LISTENS_WITHIN_MS = 30_000

interface StartOptions {
  readonly environment: string
  readonly port: number
  readonly build: boolean
  readonly cors: readonly string[]
  readonly logFormat?: LogFormat
}

/** `boost-streamers start`. */
export function startCommand(): Command {
  return new Command('start')
    .description('build and start the Booster app in the current folder, reachable from this machine only')
    .addOption(environmentOption())
    .option('-p, --port <number>', "the port of the app's GraphQL API; 0 or auto takes a free one", toPort, 3000)
    .option('--cors <origin...>', 'origins whose pages may ask too, as http://localhost:5173', toOrigins, [])
    .option('--no-build', 'start what is built already')
    .addOption(logFormatOption())
    .addHelpText(
      'after',
      `
Everything the app listens on is bound to 127.0.0.1, and answers to this machine's own names only, as localhost: pages
of other origins are refused (403), unless --cors names them. SIGINT and SIGTERM let running handlers finish.

Examples:
  $ boost-streamers start
  $ boost-streamers start --port 0 --no-build
  $ boost-streamers start --log-format json
  $ boost-streamers start --env staging --port 4000
  $ boost-streamers start --cors http://localhost:5173`
    )
    .action(start)
}

async function start({ environment, port: wanted, build, cors, logFormat }: StartOptions): Promise<void> {
  if (build) await buildApp(process.cwd())
  const port = wanted === 0 ? await freePort() : wanted
  if (await accepts(port)) throw portTaken(port)
  process.env[WEB_SOCKET_PORT] ??= String(await freePort())
  listenOnLoopback()
  answerOwnNamesOnly(Server.prototype, { origins: cors }, 'Allow pages of others with --cors ORIGIN.\n')
  stopOnSignals(() => (globalThis as { [DRAIN]?: () => Promise<void> })[DRAIN]?.())
  const { config } = loadApp(process.cwd(), environment)
  logAs(config, logFormat, () => streamersOf(process.cwd()))
  const infrastructure = config.provider.infrastructure()
  if (!infrastructure.start) {
    throw new StreamerError('OPTION_INVALID', 'The provider of this environment cannot be started on this machine.', {
      at: `environment ${environment}`,
      hint: 'Use an environment whose provider runs locally.',
    })
  }
  const checks = checksOf(config)
  requireFreshSchemas(checks)
  await infrastructure.start(config, port)
  await listening(port)
  await print(`${pc.green('✓')} ${config.appName} (${environment}) listens at http://127.0.0.1:${port}/graphql`)
  for (const line of handlerLines(checks)) await print(line)
}

/** How the app's handlers check their events; it may have none. */
function checksOf(config: AppConfig): HandlerCheck[] {
  try {
    return streamersOf(process.cwd()).handlerChecks(config as unknown as OperatedConfig)
  } catch (error) {
    if (isStreamerError(error, 'PACKAGE_MISSING')) return []
    throw error
  }
}

/** Resolves when something accepts connections there. */
async function listening(port: number): Promise<void> {
  const end = performance.now() + LISTENS_WITHIN_MS
  while (!(await accepts(port))) {
    if (performance.now() > end) {
      throw new StreamerError(
        'STREAMER_UNAVAILABLE',
        `Nothing listens on port ${port} after ${LISTENS_WITHIN_MS} ms.`,
        {
          hint: 'See what the app says above.',
        }
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function portTaken(port: number): StreamerError {
  return new StreamerError('OPTION_INVALID', `Another process already listens on port ${port}.`, {
    at: '--port',
    hint: 'End it, or give another port; 0 takes a free one.',
  })
}

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (yes: boolean) => () => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', answer(true))
    socket.once('error', answer(false))
  })
}

function toPort(text: string): number {
  const port = text === 'auto' ? 0 : Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("It is a number from 0 to 65535, or 'auto'.")
  return port
}

function toOrigins(text: string, before: readonly string[]): readonly string[] {
  if (!URL.canParse(text) || new URL(text).origin !== text)
    throw new InvalidArgumentError('It is an origin without a path, as http://localhost:5173.')
  return [...before, text]
}
