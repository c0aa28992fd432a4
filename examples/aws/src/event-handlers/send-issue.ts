import { PostCreated } from '@blog/contracts'
import { Register } from '@boostercloud/framework-types'
import { EventHandler, streamer } from '@boostercloud/streamers'
import { IssueSent } from '../events/issue-sent'

const SUBSCRIBERS = 128

@EventHandler({ eventType: PostCreated, streamedFrom: streamer('main', 'posts') })
export class SendIssue {
  public static async handle(event: PostCreated, register: Register): Promise<void> {
    register.events(new IssueSent(event.postId, event.title, SUBSCRIBERS))
  }
}
