import { join } from 'node:path'
import { openEmbeddedState } from '../state'
import type { StateProvider } from '../state'

/** Where the embedded state is kept unless the options say otherwise: in the app's own folder, one for each environment. */
export function defaultStateFolder(environment: string): string {
  return join(process.cwd(), '.booster', 'streamers', environment)
}

/** The embedded state in a folder: of one machine, and of one service process at a time. */
export function embeddedProvider(folder: string): StateProvider {
  return { shared: false, open: () => openEmbeddedState(folder) }
}
