import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './root'
import type { ChaosProvider } from './providers'
import type { Stage } from './stages'
import type { ChaosStreamer } from './streamers'

const CALL = /\bfailpoint\('([^']+)'\)/g
const SOURCES = join(ROOT, 'packages', 'streamers', 'src')

/** Marks are written by a command in the first service; in the others together with an outcome. */
const MARKING = ['publish.before-mark', 'publish.after-mark']
/** Stored is what every service registers. */
const STORING = ['publish.after-store']

/** These services delay no events. The suites of the timers die at each of their failpoints, on every store. */
const OF_DELAYED_EVENTS = 'timers.'

/** Every failpoint in the sources of the core that these services can come to, so that a new one is asked for at once. */
export function namedFailpoints(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  const names = files.flatMap((path) => [...readFileSync(join(SOURCES, path), 'utf8').matchAll(CALL)])
  return [...new Set(names.map(([, name]) => name))].filter((name) => !name.startsWith(OF_DELAYED_EVENTS)).sort()
}

/** Those that services on a streamer and a provider come to: at each of them something must die. */
export function demandedFailpoints(streamer: ChaosStreamer, provider?: ChaosProvider): string[] {
  const neverReached = neverReachedOn(streamer, provider)
  return namedFailpoints().filter((name) => !neverReached.includes(name))
}

/** Those that no service on a streamer and a provider comes to. */
export function neverReachedOn(streamer: ChaosStreamer, provider?: ChaosProvider): string[] {
  return [...new Set([...streamer.neverReached, ...(provider?.neverReached ?? [])])]
}

/** The services that come to a failpoint. */
export function stagesOf(failpoint: string): Stage[] {
  if (failpoint.startsWith('receive.')) return ['second', 'third']
  if (MARKING.includes(failpoint)) return ['first']
  return STORING.includes(failpoint) ? ['first', 'second', 'third'] : ['first', 'second']
}
