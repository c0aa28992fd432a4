import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../run.mjs'
import { PATIENCE } from './patience.mjs'

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url))
/** Milliseconds in which a process ends by itself after its last test; on a slow machine as many times more as a file may take. */
const END_MS = 30_000 * PATIENCE
/** Milliseconds from its end until its output has come. */
const CLOSE_MS = 2_000

const groups = new Set()

/** Kills every process of tests that runs, with its children. Their servers end when they see that it is gone. */
export function stopWorkers() {
  for (const pid of groups) killGroup(pid)
}

/**
 * Runs test files in one process and tells of each: `onResult({ file, passed, failed, skipped, seconds, output, trouble })`, where
 * `trouble` says in words what went wrong beside the tests. Resolves with the files that had not begun when the process ended. A file
 * that takes longer than `limitOf(file)` seconds is stopped, with its children.
 */
export function runFiles({ files, grep, node = process.execPath, env, limitOf, endMs = END_MS, onResult }) {
  const options = JSON.stringify({ files, grep })
  const child = spawn(node, ['--import=tsx', WORKER, options], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    // Leader of a group of its own, so that what it leaves behind is found.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  groups.add(child.pid)
  const watch = new Watch({ child, files, limitOf, endMs, onResult })
  return new Promise((resolve) => {
    child.once('error', (error) => watch.say(`${error.stack}\n`))
    child.once('exit', (code, signal) => {
      killGroup(child.pid)
      groups.delete(child.pid)
      // What has left its group may hold its output open.
      setTimeout(() => child.emit('close', code, signal), CLOSE_MS).unref()
    })
    child.once('close', (code, signal) => resolve(watch.close(code ?? signal)))
  })
}

/** What is known of a process of tests. */
class Watch {
  constructor({ child, files, limitOf, endMs, onResult }) {
    Object.assign(this, { child, limitOf, endMs, onResult, waiting: [...files], output: '', cpuBefore: 0 })
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => this.say(text))
    // What was written before a message is read before it counts.
    child.on('message', (message) => setImmediate(() => this.hear(message)))
  }

  say(text) {
    this.output += text
  }

  hear(message) {
    if (message.begun) this.begin(message.begun)
    else if (message.ended) this.end(message)
    else if (message.done) this.limit(this.endMs, () => `it does not end: ${this.endMs / 1000} s after its last test`)
    else this.count(message)
  }

  begin(file) {
    this.waiting.splice(this.waiting.indexOf(file), 1)
    this.current = { file, passed: 0, failed: 0, skipped: [], begun: performance.now() }
    this.last = file
    const seconds = this.limitOf(file)
    this.limit(seconds * 1000, () => `it hangs: it was stopped after ${seconds} s`)
  }

  count({ passed = 0, failed = 0, skipped = 0, title }) {
    this.current.passed += passed
    this.current.failed += failed
    if (skipped) this.current.skipped.push(title)
  }

  end({ trouble, cpuSeconds }) {
    clearTimeout(this.timer)
    const { current, output } = this
    if (!current) return
    this.current = undefined
    this.output = ''
    const { begun, ...counts } = current
    const seconds = (performance.now() - begun) / 1000
    const cpu = cpuSeconds === undefined ? undefined : cpuSeconds - this.cpuBefore
    this.cpuBefore = cpuSeconds
    this.onResult({ ...counts, seconds, cpuSeconds: cpu, output, trouble })
  }

  limit(ms, words) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.trouble = words()
      killGroup(this.child.pid)
    }, ms)
  }

  /** The process is gone: a file that had begun and not ended is its fault, else the one before. */
  close(code) {
    clearTimeout(this.timer)
    const trouble = this.trouble ?? (code === 0 ? undefined : `its process ended with ${code}`)
    const file = this.current?.file ?? this.last
    if (trouble !== undefined || this.current) this.fail(trouble ?? 'its process ended before its tests did')
    if (file !== undefined || this.waiting.length === 0) return this.waiting
    const [first, ...rest] = this.waiting
    this.begin(first)
    this.fail('its process did not start')
    return rest
  }

  fail(trouble) {
    if (!this.current && this.last === undefined) return
    this.current ??= { file: this.last, passed: 0, failed: 0, skipped: [], begun: performance.now() }
    this.end({ trouble })
  }
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody of it is left.
  }
}
