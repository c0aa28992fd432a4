import type { Journey } from '../../support/journey'
import type { Check } from './checks'
import { wayOf } from './journeys'
import type { Journeys } from './journeys'

const SAMPLE = {
  blog: 'mutation { CreatePost(input: { title: "Hello", content: "First post", author: "Me" }) }',
  newsletter: '{ ListIssueReadModels(filter: {}) { items { title timesSent } } }',
}

/** A line that parts the output. */
export function showTitle(text: string): void {
  console.log(`\n${text}`)
}

/** What is otherwise than expected. */
export function showNote(text: string): void {
  console.log(`\n${text}\n`)
}

/** Which service is where. */
export function showServices(urls: Readonly<Record<string, string>>): void {
  for (const [name, url] of Object.entries(urls)) console.log(`  ${name.padEnd(12)}${url}`)
}

/** An event's way, its latency, and what it is about. */
export function showJourney(journey: Journey, title: string): void {
  console.log(`  ${wayOf(journey).padEnd(38)}${String(journey.ms).padStart(5)} ms   ${title}`)
}

/** A row for each way: how many posts went it, how often, how fast. */
export function showSummary(checks: readonly Check[], journeys: Journeys): void {
  showTitle('Summary')
  console.log(row('', ['posts', 'once', 'lost', 'doubled', 'median', 'max']))
  for (const { way, expected, once, lost, doubled } of checks) {
    const { median = '-', max = '-' } = journeys.latencyOf(way)
    console.log(row(way, [expected, once, lost, doubled, `${median} ms`, `${max} ms`]))
  }
}

/** What to try while the services run. */
export function showHints(urls: Readonly<Record<string, string>>): void {
  showTitle('Try')
  for (const [service, query] of Object.entries(SAMPLE)) {
    const body = JSON.stringify({ query })
    console.log(`  curl -s ${urls[service]} -H 'content-type: application/json' -d '${body}'`)
  }
  console.log('\nThe services run until Ctrl-C.')
}

/** Where the events are recorded. */
export function showLake(folder: string): void {
  console.log(`\nThe events are recorded into ${folder}. Ask it: npx boost-streamers lake info --lake ${folder}`)
}

function row(head: string, cells: ReadonlyArray<string | number>): string {
  return `  ${head.padEnd(38)}${cells.map((cell) => String(cell).padStart(9)).join('')}`
}
