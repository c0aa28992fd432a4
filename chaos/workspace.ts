import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from './root'
import type { Schedule } from './schedule'
import { STAGES } from './stages'

const CACHE = join(ROOT, '.cache', 'chaos')
const BUILT = join(CACHE, 'build')
const RUNS = join(CACHE, 'runs')

let made = 0

/** Compiles the services as Booster's own tooling does. Rejects with the compiler's words. */
export async function buildServices(): Promise<void> {
  const tspc = join(ROOT, 'node_modules', 'ts-patch', 'bin', 'tspc.js')
  await promisify(execFile)(process.execPath, [tspc, '-p', join(ROOT, 'chaos', 'services')]).catch(
    (error: { stdout?: string; message: string }) => {
      throw new Error(error.stdout ?? error.message)
    }
  )
}

/** A folder for one run, with a folder for each service: a Booster app keeps its local state where it is started. */
export function makeWorkspace({ seed, poison, failing }: Schedule): string {
  removeAbandoned()
  const folder = join(RUNS, `${process.pid}-${++made}`)
  rmSync(folder, { recursive: true, force: true })
  for (const stage of STAGES) {
    mkdirSync(join(folder, stage), { recursive: true })
    cpSync(join(BUILT, stage), join(folder, stage, 'dist'), { recursive: true })
    cpSync(join(BUILT, 'common'), join(folder, stage, 'common'), { recursive: true })
    writeFileSync(join(folder, stage, 'package.json'), `{"name":"${stage}","version":"0.0.0"}\n`)
  }
  writeFileSync(join(folder, 'plan.json'), JSON.stringify({ seed, poison, failing }))
  writeFileSync(join(folder, 'witness.jsonl'), '')
  return folder
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
