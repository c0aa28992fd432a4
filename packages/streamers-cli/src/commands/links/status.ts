import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { StreamerError } from '@boostercloud/streamer-connector'
import { Command, InvalidArgumentError } from 'commander'
import { environmentOption } from '../../terminal/environment'
import { withState } from '../../app/operated-app'
import { finish, json, print } from '../../terminal/output'
import { serviceFolders } from '../../app/service-folders'
import { serviceStatus } from '../../status/service-status'
import type { ServiceStatus } from '../../status/service-status'
import { statusLines } from '../../status/status-lines'

interface StatusOptions {
  readonly environment: string
  readonly json?: boolean
  /** Milliseconds between two looks; undefined: one look. */
  readonly watch?: number | true
}

const DEFAULT_WATCH_MS = 2_000
const CLEAR = '\u001b[2J\u001b[H'

/** `boost-streamers status`. */
export function statusCommand(): Command {
  return new Command('status')
    .description(
      'show the state of the streams of one or more services, read from their databases; the services do not have to run'
    )
    .argument('[folders...]', 'the folders of the built services, or a parent folder', ['.'])
    .option('-w, --watch [seconds]', 'repeat until Ctrl-C', toMilliseconds)
    .option('--json', 'print one JSON object per line, for each service and each time')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
For each address that a service publishes to: what is pending, and for how long. For each handler: what is parked, dead and
running, the lag, the position, the next attempt and the last error. It exits with 1 if a service could not be read.

Examples:
  $ boost-streamers status
  $ boost-streamers status services --watch
  $ boost-streamers status blog newsletter --env production --json`
    )
    .action(status)
}

async function status(folders: readonly string[], options: StatusOptions): Promise<void> {
  const services = folders.flatMap(serviceFolders)
  if (services.length > 1) await ofSeveral(services, options)
  else await ofOne(services[0], options)
}

async function ofOne(folder: string, { environment, json: asJson, watch }: StatusOptions): Promise<void> {
  enter(folder)
  await withState(environment, async (app) => {
    for (;;) {
      const found = await serviceStatus(app)
      if (asJson) await print(json(found))
      else await show([found], watch !== undefined)
      if (watch === undefined) return
      await new Promise((resolve) => setTimeout(resolve, watch === true ? DEFAULT_WATCH_MS : watch))
    }
  })
  await finish()
}

function enter(folder: string): void {
  try {
    process.chdir(folder)
  } catch (cause) {
    throw new StreamerError('OPTION_INVALID', 'There is no such folder.', {
      at: folder,
      hint: 'Name the folder of a service.',
      cause,
    })
  }
}

/** Each service has its own process: two apps cannot be loaded in one. */
async function ofSeveral(folders: readonly string[], options: StatusOptions): Promise<void> {
  const { watch, json: asJson } = options
  const latest = new Map<string, ServiceStatus>()
  const children = folders.map((folder) => look(folder, options))
  const stop = (): void => children.forEach(({ child }) => child.kill('SIGTERM'))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const codes = await Promise.all(
    children.map(async ({ child, ended }, index) => {
      for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
        if (asJson) await print(line)
        else latest.set(folders[index], JSON.parse(line) as ServiceStatus)
        if (!asJson && watch !== undefined && latest.size > 0) await show(inOrder(folders, latest), true)
      }
      return ended
    })
  )
  if (!asJson && watch === undefined) await show(inOrder(folders, latest), false)
  await finish(codes.every((code) => code === 0) ? 0 : 1)
}

function look(
  folder: string,
  { environment, watch }: StatusOptions
): { readonly child: ChildProcess; readonly ended: Promise<number | null> } {
  const watching = watch === undefined ? [] : ['--watch', ...(watch === true ? [] : [String(watch / 1_000)])]
  const args = [process.argv[1], 'status', folder, '--json', '--env', environment, ...watching]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { child, ended }
}

function inOrder(folders: readonly string[], latest: ReadonlyMap<string, ServiceStatus>): ServiceStatus[] {
  return folders.flatMap((folder) => latest.get(folder) ?? [])
}

/** On a terminal, what is watched stays in its place. */
async function show(found: readonly ServiceStatus[], isWatched: boolean): Promise<void> {
  const lines = found.flatMap(statusLines)
  if (lines.length === 0) return
  await print(`${isWatched && process.stdout.isTTY ? CLEAR : ''}${lines.join('\n')}`)
}

function toMilliseconds(value: string): number {
  const seconds = Number(value)
  if (!(seconds >= 0.1) || !Number.isFinite(seconds))
    throw new InvalidArgumentError('It must be a number of seconds, at least 0.1.')
  return seconds * 1_000
}
