import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Command, User } from './broker-kind'

const run = promisify(execFile)

/** Runs a program to its end and answers what it wrote; rejects with what it complained of. */
export async function runToEnd(
  { file, args, env }: Command,
  { user, cwd, limitMs = 300_000 }: { user?: User; cwd?: string; limitMs?: number } = {}
): Promise<string> {
  const { stdout } = await run(file, [...args], {
    ...user,
    cwd,
    env: { ...process.env, ...env },
    timeout: limitMs,
    maxBuffer: 10_000_000,
  })
  return stdout
}
