import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { CommandFailed, ROOT, run } from '../lib/run'
import type { Part } from './parts'

const LAST_LINES = 25

interface Done {
  readonly name: string
  readonly minutes: number
  readonly hasFailed: boolean
  readonly output: string
}

/** Runs parts one after another; answers how many failed. The report is written anew after each, so that a run that is broken off leaves one. */
export async function runParts(parts: readonly Part[], { report }: { readonly report: string }): Promise<number> {
  const done: Done[] = []
  const logs = join(dirname(report), 'nightly')
  mkdirSync(logs, { recursive: true })
  for (const part of parts) {
    const one = await runPart(part)
    done.push(one)
    writeFileSync(join(logs, `${part.name.replaceAll(' ', '-')}.log`), one.output)
    writeFileSync(report, reportOf(done, parts.length))
    console.log(`${one.hasFailed ? '✗' : '✓'} ${part.name.padEnd(32)} ${one.minutes.toFixed(1).padStart(6)} min`)
  }
  const failed = done.filter(({ hasFailed }) => hasFailed).length
  console.log(`\n${done.length - failed} passed, ${failed} failed: ${report}`)
  return failed
}

async function runPart({ name, script, args }: Part): Promise<Done> {
  const begun = performance.now()
  const minutes = (): number => (performance.now() - begun) / 60_000
  try {
    const output = await run(process.execPath, [join(ROOT, 'scripts/run.mjs'), script, ...args])
    return { name, minutes: minutes(), hasFailed: false, output }
  } catch (error) {
    const output = error instanceof CommandFailed ? `${error.output}\n${error.message}` : String(error)
    return { name, minutes: minutes(), hasFailed: true, output }
  }
}

/** As Markdown: a row for each part, then how each that failed ended, then the others. */
function reportOf(done: readonly Done[], total: number): string {
  const failed = done.filter(({ hasFailed }) => hasFailed)
  const rows = done.map(
    ({ name, minutes, hasFailed }) => `| ${name} | ${hasFailed ? '**failed**' : 'passed'} | ${minutes.toFixed(1)} |`
  )
  const ends = [...failed, ...done.filter(({ hasFailed }) => !hasFailed)].map(
    ({ name, output }) => `## ${name}\n\n\`\`\`\n${lastOf(output)}\n\`\`\`\n`
  )
  const head = `# ${done.length} of ${total} parts ran, ${failed.length} failed\n\nNode ${process.version}, ${new Date().toISOString()}\n`
  return [head, `| part | result | minutes |\n| --- | --- | --- |\n${rows.join('\n')}\n`, ...ends].join('\n')
}

const lastOf = (output: string): string => output.trimEnd().split('\n').slice(-LAST_LINES).join('\n')
