import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { compiledOnce } from '../packages/streamers/test/support/compiled-once'
import { ROOT } from './root'
import type { Schedule } from './schedule'
import { STAGES } from './stages'

const CACHE = join(ROOT, '.cache', 'chaos')
const SERVICES = join(ROOT, 'chaos', 'services')
/** Of this process: others may compile at the same time. */
const BUILT = join(CACHE, 'build', String(process.pid))
const RUNS = join(CACHE, 'runs')

let made = 0
let building: Promise<void> | undefined

/** Compiles the services as Booster's own tooling does, once a process. Rejects with the compiler's words. */
export function buildServices(): Promise<void> {
  building ??= compiledOnce(sourcesOf(SERVICES), BUILT, compile)
  return building
}

async function compile(): Promise<void> {
  const tspc = join(ROOT, 'node_modules', 'ts-patch', 'bin', 'tspc.js')
  const args = [tspc, '-p', SERVICES, '--outDir', BUILT]
  await promisify(execFile)(process.execPath, args).catch((error: { stdout?: string; message: string }) => {
    throw new Error(error.stdout ?? error.message)
  })
}

function sourcesOf(folder: string): readonly (readonly [string, string])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.path, entry.name))
    .sort()
    .map((file) => [file, readFileSync(file, 'utf8')] as const)
}

/** A folder for one run, with a folder for each service: a Booster app keeps its local state where it is started. */
export function makeWorkspace({ seed, poison, lethal, failing }: Schedule): string {
  removeAbandoned()
  const folder = join(RUNS, `${process.pid}-${++made}`)
  rmSync(folder, { recursive: true, force: true })
  for (const stage of STAGES) {
    mkdirSync(join(folder, stage), { recursive: true })
    cpSync(join(BUILT, stage), join(folder, stage, 'dist'), { recursive: true })
    cpSync(join(BUILT, 'common'), join(folder, stage, 'common'), { recursive: true })
    writeFileSync(join(folder, stage, 'package.json'), `{"name":"${stage}","version":"0.0.0"}\n`)
  }
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ seed, poison, lethal, failing }))
  writeFileSync(join(folder, 'witness.jsonl'), '')
  return folder
}

/** Folders of processes that were killed, or have ended. */
function removeAbandoned(): void {
  for (const folder of [RUNS, dirname(BUILT)].filter((each) => existsSync(each))) {
    for (const each of readdirSync(folder)) {
      if (!isRunning(Number.parseInt(each, 10))) rmSync(join(folder, each), { recursive: true, force: true })
    }
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
