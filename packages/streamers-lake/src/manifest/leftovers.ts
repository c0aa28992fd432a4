import type { LakeStorage } from '../storage'
import type { LakeState, Replaced } from './lake-state'
import { draftPath, indexPath, retiredPath } from './manifest'

/** Takes the file of a replaced segment from among the segments: to where it is kept for a while, or away for good. */
export async function retire(storage: LakeStorage, { path, purge }: Replaced): Promise<void> {
  const places = [draftPath({ path }), path]
  await storage.remove(indexPath({ path }))
  if (purge) for (const place of [...places, retiredPath({ path })]) await storage.remove(place)
  else for (const place of places) await storage.move(place, retiredPath({ path }))
}

/**
 * Ends what a replacement left that died, and removes the files of segments that were replaced before. Nobody needs them: a reader that misses one finds its events in the
 * segment that has replaced it. They stay for a while only for engines that know nothing of that.
 */
export async function removeReplaced(storage: LakeStorage, state: LakeState, lifeMs: number): Promise<void> {
  const replaced = new Map(state.replaced.map((one) => [one.path, one]))
  if (replaced.size === 0) return
  const folders = ['segments', 'drafts', 'index']
  const there = (await Promise.all(folders.map((folder) => storage.list(folder)))).flat().map(({ path }) => path)
  const others = new Map(state.replaced.flatMap((one) => [draftPath(one), indexPath(one)].map((path) => [path, one])))
  for (const place of there) {
    const one = replaced.get(place) ?? others.get(place)
    if (one !== undefined) await retire(storage, one)
  }
  const retired = new Map(state.replaced.map((one) => [retiredPath(one), one]))
  for (const { path, modifiedAt } of await storage.list('retired')) {
    const { at, purge } = retired.get(path) ?? { at: modifiedAt.getTime(), purge: false }
    if (purge || Date.now() - at >= lifeMs) await storage.remove(path)
  }
}
