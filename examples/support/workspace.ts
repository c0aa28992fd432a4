import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const ROOT = resolve(__dirname, '../..')
export const EXAMPLE = join(ROOT, 'examples/blog')
const RUNS = join(ROOT, '.cache/demo')

/** The Booster services of the example. */
export const SERVICES = ['blog', 'newsletter', 'audit']

/** Booster services of other examples. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  reactions: join(ROOT, 'examples/heterogeneous/booster'),
  shop: join(ROOT, 'examples/bridge/shop'),
  warehouse: join(ROOT, 'examples/bridge/warehouse'),
  courier: join(ROOT, 'examples/bridge/courier'),
  waiter: join(ROOT, 'examples/contracts/waiter'),
  kitchen: join(ROOT, 'examples/contracts/kitchen'),
}

/** Where the services of a run are. */
export interface Workspace {
  readonly folder: string
  /** Booster's. */
  readonly environment: string
  /** The environment variables that every program of the run is given. */
  readonly settings: Readonly<Record<string, string>>
  /** The file that the digest writes. */
  readonly digest: string
  remove(): void
}

/** What a workspace is made of. */
export interface WorkspaceOptions {
  readonly services?: readonly string[]
  readonly environment?: string
  readonly settings?: Readonly<Record<string, string>>
}

let made = 0

/**
 * A folder for one run: each service's state, the log they share, the digest. A Booster app keeps its local state in the `.booster`
 * folder of the folder it is started in, so each service gets a folder with a copy of what was built.
 */
export function makeWorkspace({
  services = SERVICES,
  environment = 'local',
  settings,
}: WorkspaceOptions = {}): Workspace {
  removeAbandoned()
  const folder = join(RUNS, `${process.pid}-${++made}`)
  rmSync(folder, { recursive: true, force: true })
  for (const service of services) {
    for (const built of ['dist', 'package.json']) {
      cpSync(join(ELSEWHERE[service] ?? join(EXAMPLE, service), built), join(folder, service, built), {
        recursive: true,
      })
    }
  }
  return {
    folder,
    environment,
    settings: { BLOG_LOG: join(folder, 'main'), ...settings },
    digest: join(folder, 'digest.jsonl'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Folders of runs that were killed. */
function removeAbandoned(): void {
  if (!existsSync(RUNS)) return
  for (const run of readdirSync(RUNS)) {
    if (!isRunning(Number.parseInt(run, 10))) rmSync(join(RUNS, run), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
