import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { cachedPythonPackages } from '@boostercloud/dev-brokers'

/** A program of this folder, given JSON and answering with JSON, in one process with Python's own libraries. Needs Python 3.11 or newer. */
export async function askPython(program: string, given: unknown, ...args: string[]): Promise<unknown> {
  const packages = await cachedPythonPackages('schema-registry-clients', join(__dirname, 'packages.txt'))
  const env = { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1' }
  const child = spawn('python3', [join(__dirname, program), ...args], { env, stdio: 'pipe' })
  const ended = once(child, 'close')
  child.stdin.end(JSON.stringify(given))
  const [answer, complaint] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = (await ended) as [number]
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaint.slice(-2_000)}`)
  return JSON.parse(answer)
}
