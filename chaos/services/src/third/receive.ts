import { Register } from '@boostercloud/framework-types'
import { EventHandler } from '@boostercloud/streamers'
import { Passed } from '../common/events'
import { handleBeforeWitness } from '../common/witness'
import { Arrived } from './arrived'

@EventHandler({ eventType: Passed, streamedFrom: 'log/b' })
export class Receive {
  public static async handle(event: Passed, register: Register): Promise<void> {
    await handleBeforeWitness('third', event, (origin) => register.events(new Arrived(event.key, origin)))
  }
}
