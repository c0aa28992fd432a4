import { createHash } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = join(__dirname, '..', '..', '..', '..')

/**
 * Fills the folder `target` with what `compile` makes of `sources`: with a copy, where this run of the tests has compiled the same before,
 * in whichever of its processes. Rejects as `compile` does, and keeps nothing of it.
 */
export async function compiledOnce(sources: unknown, target: string, compile: () => Promise<void>): Promise<void> {
  const kept = join(folderOfRun(), createHash('sha256').update(JSON.stringify(sources)).digest('hex'))
  if (existsSync(kept)) return cp(kept, target, { recursive: true })
  await compile()
  await mkdir(folderOfRun(), { recursive: true })
  const half = await mkdtemp(`${kept}.`)
  await cp(target, half, { recursive: true })
  // Another process may have been first.
  await rename(half, kept).catch(() => rm(half, { recursive: true, force: true }))
}

let own: string | undefined

/** The runner's, which it removes when all has been run; else one of this process. */
function folderOfRun(): string {
  const { STREAMERS_TEST_FOLDER } = process.env
  if (STREAMERS_TEST_FOLDER !== undefined) return join(STREAMERS_TEST_FOLDER, 'compiled')
  if (own === undefined) {
    own = join(ROOT, '.cache', `compiled-${process.pid}`)
    process.once('exit', () => rmSync(own as string, { recursive: true, force: true }))
  }
  return own
}
