import { cpSync } from 'node:fs'
import { basename, join } from 'node:path'
import { step } from '../../../scripts/lib/progress'
import { ROOT, run } from '../../../scripts/lib/run'
import type { Program } from '../child-process'
import { cached } from './cache'
import { ToolMissing, ask } from './tools'

const SERVICE = join(ROOT, 'examples/heterogeneous/kotlin')
const SOURCES = ['pom.xml', 'src'].map((name) => join(SERVICE, name))
const OLDEST_JAVA = 17
const HINT = `The service in Kotlin needs Java ${OLDEST_JAVA} or newer and Maven: install a JDK and Maven 3.`

/** The service in Kotlin as a program with its arguments, built by Maven if it is not yet. Throws `ToolMissing`. */
export async function kotlinService(): Promise<Program> {
  const java = await javaVersion()
  await ask('mvn', ['--version'], HINT)
  const folder = await cached('kotlin', { sources: SOURCES, tool: java }, (into) => {
    for (const source of SOURCES) cpSync(source, join(into, basename(source)), { recursive: true })
    const options = ['--quiet', '--batch-mode', '--strict-checksums', '--file', join(into, 'pom.xml')]
    return step('build examples/heterogeneous/kotlin', () => run('mvn', [...options, 'package']))
  })
  return ['java', '-Xmx128m', '-jar', join(folder, 'target/moderation.jar')]
}

async function javaVersion(): Promise<string> {
  const version = /version "(\d+)[^"]*"/.exec(await ask('java', ['-version'], HINT))
  if (!version || Number(version[1]) < OLDEST_JAVA) throw new ToolMissing(HINT)
  return version[0]
}
