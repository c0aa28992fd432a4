import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoreReader } from './providers'
import { ROOT } from './root'
import type { Stage } from './stages'
import type { ConnectorChoice } from './streamers'

/** What a service needs to run. */
export interface ServiceOptions {
  readonly stage: Stage
  /** The run's folder. */
  readonly folder: string
  readonly port: number
  readonly webSocketPort: number
  readonly connector: ConnectorChoice
  /** Booster's `providerPackage`. */
  readonly provider: string
  /** What tells it of its database. */
  readonly database: Readonly<Record<string, string>>
  /** Told before it starts. */
  readonly store: StoreReader
  readonly mutant?: string
}

/** What runs now; killed when this process ends. */
const running = new Set<ChildProcess>()
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** Starts a process of a service. Its first message says that it is up. */
export function launch({ folder, stage, port, store, ...options }: ServiceOptions): ChildProcess {
  store.beforeStart?.()
  const child = spawn(process.execPath, ['--require', inService('preload.cjs'), inService('run.cjs'), String(port)], {
    cwd: join(folder, stage),
    env: {
      ...process.env,
      BOOSTER_ENV: 'local',
      LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT: String(options.webSocketPort),
      CHAOS_STAGE: stage,
      CHAOS_CONNECTOR: JSON.stringify(options.connector),
      CHAOS_MUTANT: options.mutant ?? '',
      CHAOS_PROVIDER: options.provider,
      ...options.database,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => appendFileSync(join(folder, `${stage}.log`), chunk))
  }
  return child
}

function inService(file: string): string {
  return join(ROOT, 'chaos', 'service', file)
}
