import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ReadModelEnvelope } from '@boostercloud/framework-types'
import type { RawEvents } from './dispatch/raw-events'

/** What an app's index exports for its provider. */
export interface UserApp {
  boosterEventDispatcher(events: RawEvents): Promise<void>
  boosterNotifySubscribers(readModels: readonly ReadModelEnvelope[]): Promise<void>
  /** Under its name of today, or under the one it had before. */
  readonly boosterTriggerScheduledCommands?: TriggerScheduledCommand
  readonly boosterTriggerScheduledCommand?: TriggerScheduledCommand
}

type TriggerScheduledCommand = (command: { readonly typeName: string }) => Promise<void>

let loaded: UserApp | undefined

/** The app in whose folder this process runs, as Booster's own tooling has built it. */
export function userApp(): UserApp {
  loaded ??= loadApp(join(process.cwd(), 'dist', 'index.js'))
  return loaded
}

function loadApp(index: string): UserApp {
  return createRequire(index)(index) as UserApp
}

/** Runs a scheduled command of the app. */
export async function triggerScheduledCommand(typeName: string): Promise<void> {
  const { boosterTriggerScheduledCommands, boosterTriggerScheduledCommand } = userApp()
  const trigger = boosterTriggerScheduledCommands ?? boosterTriggerScheduledCommand
  if (!trigger) throw new Error("The app's index does not export boosterTriggerScheduledCommands.")
  await trigger({ typeName })
}
