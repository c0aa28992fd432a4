import type { RecordedEvent } from '../format'
import type { LakeVersions, Segment } from '../manifest'
import type { LakeStorage } from '../storage'
import type { LakeFilter } from './filter'
import { readEvents } from './lake-reader'

/** Milliseconds between two looks at the lake. */
const LOOK_MS = 1_000

/**
 * Where following begins, and when it ends.
 * @experimental
 */
export interface FollowOptions {
  /** `first`: the first recorded event. `last`: what is recorded from now on. Default `last`. */
  readonly from?: 'first' | 'last'
  /** Ends it. Default: it never ends. */
  readonly signal?: AbortSignal
}

/** The wanted events of each new segment, in the order in which segments come. Ends when it is aborted. */
export async function* followEvents(
  storage: LakeStorage,
  versions: LakeVersions,
  filter: LakeFilter,
  { from = 'last', signal }: FollowOptions
): AsyncGenerator<RecordedEvent, void, undefined> {
  let arrived: Segment[] = []
  const { segments } = await versions.latest()
  if (from === 'first') arrived.push(...segments)
  versions.watch((segment) => arrived.push(segment))
  const unseen = async (): Promise<Segment[]> => {
    await versions.latest()
    const found = arrived
    arrived = []
    return found
  }
  while (!signal?.aborted) {
    for await (const event of readEvents(storage, versions, filter, await unseen())) {
      if (signal?.aborted) return
      yield event
    }
    await pause(signal)
  }
}

/** Waits until the next look, or until it is aborted. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, LOOK_MS)
    signal?.addEventListener('abort', end)
    if (signal?.aborted) end()
  })
}
