import type { Register } from '@boostercloud/framework-types'
import { Event, EventHandler } from '@boostercloud/streamers'
import { HandlesPostDeleted, PostCreated, PostDeleted, UserCreated } from './contract'

// publishing to an unknown streamer
// says: Type '"main-kafak/posts"' is not assignable
// says: Did you mean '"main-kafka/posts"'?
Event({ streamTo: 'main-kafak/posts' })

// publishing to an unknown topic
// says: Type '"main-kafka/post"' is not assignable
// says: Did you mean '"main-kafka/posts"'?
Event({ streamTo: 'main-kafka/post' })

// publishing to an unknown topic, by a decorator
// says: Type '"main-kafka/post"' is not assignable
// says: Did you mean '"main-kafka/posts"'?
@Event({ streamTo: 'main-kafka/post' })
export class PostCopied extends PostCreated {}

// publishing an event that the topic does not carry
// says: 'The topic does not carry this event: see interface Streamers'
// says: TopicDoesNotCarryEvent<"main-kafka/users">
Event({ streamTo: 'main-kafka/users' })(PostCreated)

// publishing an event that the topic does not carry, by a decorator
// says: 'The topic does not carry this event: see interface Streamers'
// says: TopicDoesNotCarryEvent<"main-kafka/users">
@Event({ streamTo: 'main-kafka/users' })
export class PostMoved extends PostCreated {}

// publishing to two topics of which one does not carry the event
// says: TopicDoesNotCarryEvent<"event-bridge/integrations">
Event({ streamTo: ['main-kafka/posts', 'event-bridge/integrations'] })(PostDeleted)

// handling from an unknown streamer
// says: Type '"main-kafak/posts"' is not assignable
// says: Did you mean '"main-kafka/posts"'?
EventHandler({ eventType: PostCreated, streamedFrom: 'main-kafak/posts' })

// handling from an unknown topic
// says: Type '"main-kafka/post"' is not assignable
// says: Did you mean '"main-kafka/posts"'?
EventHandler({ eventType: PostCreated, streamedFrom: 'main-kafka/post' })

// handling everything of an unknown topic
// says: Type '"main-kafka/post"' is not assignable
// says: Did you mean '"main-kafka/posts"'?
EventHandler({ streamedFrom: 'main-kafka/post' })

// handling an event that the topic never carries
// says: 'The topic does not carry this event: see interface Streamers'
// says: TopicDoesNotCarryEvent<"main-kafka/posts">
EventHandler({ eventType: UserCreated, streamedFrom: 'main-kafka/posts' })

// a handler whose parameter is another event
// says: Type '(_event: PostDeleted, _register: Register) => Promise<void>' is not assignable
// says: Property 'reason' is missing in type 'PostCreated' but required in type 'PostDeleted'
EventHandler({ eventType: PostCreated, streamedFrom: 'main-kafka/posts' })(HandlesPostDeleted)

// a handler whose parameter is another event, by a decorator
// says: Types of parameters '_event' and 'event' are incompatible.
// says: 'PostDeleted'
@EventHandler({ eventType: PostCreated, streamedFrom: 'main-kafka/posts' })
export class HandlesTheOther {
  public static async handle(_event: PostDeleted, _register: Register): Promise<void> {}
}
