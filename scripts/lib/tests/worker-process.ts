import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from '../run'
import type { WorkerMessage } from './messages'
import { PATIENCE } from './patience'
import type { FileResult } from './report'
import { Watch } from './watch'

const WORKER = join(__dirname, 'worker.ts')
/** Milliseconds in which a process ends by itself after its last test; on a slow machine as many times more as a file may take. */
const END_MS = 30_000 * PATIENCE
/** Milliseconds from its end until its output has come. */
const CLOSE_MS = 2_000

const groups = new Set<number>()

/** Kills every process of tests that runs, with its children. Their servers end when they see that it is gone. */
export function stopWorkers(): void {
  for (const pid of groups) killGroup(pid)
}

/** Test files for one process. */
export interface RunFiles {
  readonly files: readonly string[]
  readonly grep?: string
  readonly node?: string
  readonly env?: Readonly<Record<string, string>>
  /** Seconds after which a file is stopped, with its children. */
  readonly limitOf: (file: string) => number
  readonly endMs?: number
  /** Told of each file, and of what went wrong after it. */
  readonly onResult: (result: FileResult) => void
}

/** Runs test files in one process and tells of each. Resolves with the files that had not begun when the process ended. */
export async function runFiles(order: RunFiles): Promise<readonly string[]> {
  const { files, grep, node = process.execPath, env, limitOf, endMs = END_MS, onResult } = order
  const child = spawn(node, ['--import=tsx', WORKER, JSON.stringify({ files, grep })], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    // Leader of a group of its own, so that what it leaves behind is found.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const pid = child.pid
  if (pid !== undefined) groups.add(pid)
  const stop = (): void => killGroup(pid)
  const watch = new Watch({ files, limitOf, endMs, onResult, stop })
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => watch.say(text))
  // What was written before a message is read before it counts.
  child.on('message', (message) => setImmediate(() => watch.hear(message as WorkerMessage)))
  return new Promise((resolve) => {
    child.once('error', (error) => watch.say(`${error.stack}\n`))
    child.once('exit', (code, signal) => {
      stop()
      if (pid !== undefined) groups.delete(pid)
      // What has left its group may hold its output open.
      setTimeout(() => child.emit('close', code, signal), CLOSE_MS).unref()
    })
    child.once('close', (code, signal) => resolve(watch.close(code ?? signal)))
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody of it is left.
  }
}
