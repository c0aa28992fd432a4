import { Register } from '@boostercloud/framework-types'
import { EventHandler } from '@boostercloud/streamers'
import { Asked } from '../common/events'
import { handleBeforeWitness } from '../common/witness'
import { Passed } from './passed'

@EventHandler({ eventType: Asked, streamedFrom: 'log/a' })
export class PassOn {
  public static async handle(event: Asked, register: Register): Promise<void> {
    await handleBeforeWitness('second', event, (origin) => register.events(new Passed(event.key, origin)))
  }
}
