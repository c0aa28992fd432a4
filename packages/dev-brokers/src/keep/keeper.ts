import { spawn } from 'node:child_process'
import { openSync, rmSync } from 'node:fs'
import type { Command } from '../broker-kind'
import type { KeeperOrder } from './kept-process'

/**
 * A process that runs one server and ends it when whoever asked for it is gone: they hold the other end of its standard input, which
 * the kernel closes however they die.
 */
function keep(order: KeeperOrder): void {
  const log = openSync(order.log, 'a')
  const server = spawn(order.file, [...order.args], {
    ...order.user,
    cwd: order.folder,
    env: { ...process.env, ...order.env },
    detached: true,
    stdio: ['ignore', log, log],
  })
  let released = false
  const release = (): void => {
    if (released) return
    released = true
    server.kill(order.stopSignal)
    setTimeout(() => server.kill('SIGKILL'), order.graceMs)
  }
  server.once('spawn', () => process.stdout.write(`${server.pid}\n`))
  server.once('error', () => process.exit(1))
  server.once('exit', () => {
    if (!released) process.exit(0)
    if (order.cleanUp) cleanUp(order.cleanUp)
    rmSync(order.folder, { recursive: true, force: true })
    process.exit(0)
  })
  process.stdout.on('error', release)
  process.stdin.on('end', release).on('close', release).on('error', release).resume()
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
  process.on('SIGTERM', release)
}

function cleanUp({ file, args, env }: Command): void {
  const cleaner = spawn(file, [...args], { env: { ...process.env, ...env }, stdio: 'ignore', detached: true })
  cleaner.once('error', () => undefined)
  cleaner.unref()
}

keep(JSON.parse(process.argv[2] as string) as KeeperOrder)
