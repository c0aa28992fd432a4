import { LocalStreamer } from '../../src'

/** How the conformance suite makes the same connector in another process. */
export function create(path: string, { pollWaitMs }: { pollWaitMs: number }): LocalStreamer {
  return LocalStreamer.with({ path, pollWaitMs })
}
