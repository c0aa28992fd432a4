import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../root'

const CALL = /\bfailpoint\('([^']+)'\)/g
const SOURCES = join(ROOT, 'packages', 'streamers-lake', 'src')

/** What is killed. The recorder is there twice. */
export type Victim = 'recorder' | 'compaction'

/** A failpoint, and what comes to it. */
export interface Doom {
  readonly victim: Victim
  readonly failpoint: string
}

/** Replacing segments goes through these too. */
const OF_BOTH = ['lake:before-manifest', 'lake:segment-in-place']
const OF_COMPACTION = 'lake:replace'

/** Every failpoint in the sources of the lake, so that a new one is asked for at once. */
export function lakeFailpoints(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  const names = files.flatMap((path) => [...readFileSync(join(SOURCES, path), 'utf8').matchAll(CALL)])
  return [...new Set(names.map(([, name]) => name))].sort()
}

/** Each death at a failpoint that a run must have. */
export function dooms(): Doom[] {
  return lakeFailpoints().flatMap((failpoint): Doom[] => {
    if (failpoint.startsWith(OF_COMPACTION)) return [{ victim: 'compaction', failpoint }]
    const recorder: Doom = { victim: 'recorder', failpoint }
    return OF_BOTH.includes(failpoint) ? [recorder, { victim: 'compaction', failpoint }] : [recorder]
  })
}
