import { PostCreated } from '@blog/contracts'
import { showJourney } from '@blog/journey'
import { Register } from '@boostercloud/framework-types'
import { EventHandler, streamer } from '@boostercloud/streamers'
import { IssueSent } from '../events/issue-sent'

const posts = streamer('main', 'posts')
const SUBSCRIBERS = 128

@EventHandler({ eventType: PostCreated, streamedFrom: posts })
export class SendIssue {
  public static async handle(event: PostCreated, register: Register): Promise<void> {
    showJourney(event, posts, 'newsletter')
    register.events(new IssueSent(event.postId, event.title, SUBSCRIBERS))
  }
}
