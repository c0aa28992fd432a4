import { join } from 'node:path'
import { openEmbeddedState } from '@boostercloud/streamers/state'
import { EventStoreFile } from '../event-store'
import type { ChaosProvider, StoreReader } from './provider'

/** Booster's own local provider. It loses its dispatch when a process dies at the wrong instant: its read models are not looked at. */
export const local: ChaosProvider = {
  name: 'local',
  package: '@boostercloud/framework-provider-local',
  processes: 1,
  joining: 0,
  neverReached: [],
  patienceMs: 500,
  open: async () => ({
    env: () => ({}),
    store: (_stage, serviceFolder) => readerOf(serviceFolder),
    close: async () => undefined,
  }),
}

function readerOf(serviceFolder: string): StoreReader {
  const file = new EventStoreFile(serviceFolder)
  return {
    beforeStart: () => void file.read(),
    read: async () => file.read(),
    views: async () => undefined,
    state: async () => openEmbeddedState(join(serviceFolder, '.booster', 'streamers', 'local')),
  }
}
