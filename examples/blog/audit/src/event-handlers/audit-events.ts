import { showJourney } from '@blog/journey'
import { Register, UUID } from '@boostercloud/framework-types'
import { EventHandler, metadataOf, streamer } from '@boostercloud/streamers'
import { EventAudited } from '../events/event-audited'
import { describeEvent } from './describe-event'

const posts = streamer('main', 'posts')
const newsletter = streamer('main', 'newsletter')

@EventHandler({ streamedFrom: [posts, newsletter] })
export class AuditEvents {
  public static async handle(event: unknown, register: Register): Promise<void> {
    const { id, type } = metadataOf(event) ?? {}
    showJourney(event, type === 'IssueSent' ? newsletter : posts, 'audit')
    register.events(new EventAudited(id ?? UUID.generate(), type ?? 'unknown', describeEvent(event)))
  }
}
