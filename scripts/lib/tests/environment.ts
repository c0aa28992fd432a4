import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../run'
import { codeCacheVariables } from './code-cache'

/** What a server in Java spends on compiling itself, and on threads that collect its garbage, does not pay in the minutes that it lives. */
const SHORT_LIVED_JAVA = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'

/** Variables for the processes of one run of tests by this Node or another, which share a folder that is removed when this process ends. */
export function testEnvironment(node?: string): Record<string, string> {
  const folder = join(ROOT, '.cache', `test-run-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const { JAVA_TOOL_OPTIONS = SHORT_LIVED_JAVA } = process.env
  return { STREAMERS_TEST_FOLDER: folder, JAVA_TOOL_OPTIONS, ...codeCacheVariables(node) }
}
