import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from './source-tree'

/** Runs `npm start` with options, without npm. Resolves when it has ended, with all that it has written. */
export async function startDemo(...options: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'start', ...options], { cwd: ROOT })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}
