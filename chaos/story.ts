import type { Verdict } from './check'
import type { History, WitnessLine } from './history'

/** Events that are told of, and lines for each. */
const [MOST_EVENTS, MOST_LINES] = [2, 80]

/** What the verdict says of an event begins with what it is called. */
const ORIGIN = /^([^\s:]+): /

/** For some of what is wrong: what happened to the events of its key, and to everybody meanwhile, in order. */
export function storiesOf(history: History, { lost, doubled, reordered }: Verdict): string[] {
  const wrong = [...reordered, ...lost, ...doubled].flatMap((line) => ORIGIN.exec(line)?.[1] ?? [])
  return [...new Set(wrong)].slice(0, MOST_EVENTS).flatMap((origin) => storyOf(history, origin))
}

function storyOf({ journal, witness }: History, origin: string): string[] {
  const intent = journal.find((line) => line.what === 'intent' && line.origins.includes(origin))
  if (intent?.what !== 'intent') return []
  const { key } = intent
  const isMeant = (line: WitnessLine): boolean => 'origin' in line && line.origin === origin
  const from = witness.findIndex(isMeant)
  const to = witness.map(isMeant).lastIndexOf(true)
  const lines = witness.slice(Math.max(0, from), to + 1).filter((line) => !('key' in line) || line.key === key)
  const shown = lines.slice(-MOST_LINES).map((line) => `  ${shownLine(line)}`)
  return [`${origin} of ${key}, from its first handler to its last:`, ...shown]
}

function shownLine(line: WitnessLine): string {
  const { what, at } = { at: undefined, ...line }
  const { stage, pid, origin, name, fault, from, to } = line as Partial<Record<string, string | number>>
  const time = at ?? from
  const clock = typeof time === 'number' ? new Date(time).toISOString().slice(11, 23) : ' '.repeat(12)
  const lasted = typeof from === 'number' && typeof to === 'number' ? `for ${to - from} ms` : undefined
  return [clock, stage, pid, what, origin, name, fault, lasted].filter((part) => part !== undefined).join(' ')
}
