import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalStreamer } from '../../src'
import type { LocalStreamerOptions } from '../../src'

/** Registers hooks that give each test a folder of its own and close the streamers that it made. */
export function useTemporary(): {
  path(name?: string): string
  streamer(options?: Partial<LocalStreamerOptions>): LocalStreamer
} {
  let folder: string
  let made: LocalStreamer[] = []
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'local-streamer-'))
  })
  afterEach(async () => {
    await Promise.all(made.map((streamer) => streamer.close()))
    made = []
    rmSync(folder, { recursive: true, force: true })
  })
  const path = (name = 'log'): string => join(folder, name)
  return {
    path,
    streamer(options = {}) {
      const streamer = LocalStreamer.with({ path: path(), pollWaitMs: 0, ...options })
      made.push(streamer)
      return streamer
    },
  }
}
