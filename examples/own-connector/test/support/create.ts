import type { CreateOverrides } from '@boostercloud/streamer-testkit/conformance'
import { FolderStreamer } from '../../src/folder-streamer'

/** How another process makes the connector under test. */
export const create = (path: string, { pollWaitMs }: CreateOverrides): FolderStreamer =>
  FolderStreamer.with({ path, pollWaitMs })
