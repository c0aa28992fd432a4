import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { onDrain } from './drain/suite'
import { kafka } from './kafka/suite'
import { nats } from './nats/suite'
import { onLake } from './lake/suite'
import { HELP, parseBenchOptions } from './options'
import type { BenchOptions } from './options'
import { chart } from './report/chart'
import { page } from './report/page'
import type { Report } from './report/report'
import { reportText } from './report/text'
import { onCore } from './scenarios/core'
import { onLocalLog } from './scenarios/local'
import { onBroker } from './scenarios/on-broker'
import { rabbitmq } from './rabbitmq/suite'
import { onStart } from './scenarios/start'
import { onStore } from './store/suite'
import { onSweep } from './sweep/suite'

const ROOT = join(__dirname, '..')
const CHARTS = join(ROOT, 'docs', 'reference', 'benchmarks')
const MEASURE: Readonly<Record<BenchOptions['suites'][number], (options: BenchOptions) => Promise<Report>>> = {
  kafka: (options) => onBroker(kafka, options, progress),
  rabbitmq: (options) => onBroker(rabbitmq, options, progress),
  nats: (options) => onBroker(nats, options, progress),
  local: (options) => onLocalLog(options, progress),
  core: (options) => onCore(options, progress),
  store: (options) => onStore(options, progress),
  sweep: (options) => onSweep(options, progress),
  drain: (options) => onDrain(options, progress),
  lake: (options) => onLake(options, progress),
  start: (options) => onStart(options, progress),
}

async function main(args: string[]): Promise<void> {
  const options = parseBenchOptions(args)
  if (options.help) return say(HELP)
  const reports: Report[] = []
  for (const name of options.suites) {
    const report = await MEASURE[name](options)
    say(`\n${reportText(report)}`)
    reports.push(report)
  }
  await writeJson(resolve(ROOT, options.json), reports)
  if (options.write) await writePage(reports)
}

/** The page is made from what was measured now, and for the rest from what was measured before. */
async function writePage(reports: readonly Report[]): Promise<void> {
  for (const report of reports) {
    await writeJson(join(CHARTS, `${report.suite}.json`), report)
    for (const table of report.tables) await writeFile(join(CHARTS, `${report.suite}-${table.id}.svg`), chart(table))
  }
  const kept = (await readdir(CHARTS)).filter((file) => file.endsWith('.json')).sort()
  const all = await Promise.all(
    kept.map(async (file) => JSON.parse(await readFile(join(CHARTS, file), 'utf8')) as Report)
  )
  const notes = await readFile(join(__dirname, 'notes.md'), 'utf8')
  await writeFormatted(join(ROOT, 'docs', 'reference', 'benchmarks.md'), page(all, notes))
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFormatted(file, JSON.stringify(value))
}

/** As the repository has its files. */
async function writeFormatted(filepath: string, text: string): Promise<void> {
  await writeFile(filepath, await format(text, { ...(await resolveConfig(filepath)), filepath }))
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.stack ?? error.message}\n`)
  process.exitCode = 1
})
