import { Event, EventHandler, streamer } from '@boostercloud/streamers'
import { HandlesPostDeleted, PostCreated, PostDeleted, UserCreated, config, connector } from './contract'

// publishing to an unknown streamer
// says: Argument of type '"main-kafak"' is not assignable to parameter of type '
// says: "main-kafka"
Event({ streamTo: streamer('main-kafak', 'posts') })

// publishing to an unknown topic
// says: Argument of type '"post"' is not assignable to parameter of type '
// says: "posts"
Event({ streamTo: streamer('main-kafka', 'post') })

// publishing to a topic of another streamer
// says: Argument of type '"posts"' is not assignable to parameter of type '"integrations"'
Event({ streamTo: streamer('event-bridge', 'posts') })

// publishing an event that the topic does not carry
// says: TopicDoesNotCarryEvent<"main-kafka/users">
Event({ streamTo: streamer('main-kafka', 'users') })(PostCreated)

// publishing to two topics of which one does not carry the event
// says: TopicDoesNotCarryEvent<"event-bridge/integrations">
Event({ streamTo: [streamer('main-kafka', 'posts'), streamer('event-bridge', 'integrations')] })(PostDeleted)

// handling from an unknown streamer
// says: Argument of type '"main-kafak"' is not assignable to parameter of type '
// says: "main-kafka"
EventHandler({ eventType: PostCreated, streamedFrom: streamer('main-kafak', 'posts') })

// handling from an unknown topic
// says: Argument of type '"post"' is not assignable to parameter of type '
// says: "posts"
EventHandler({ eventType: PostCreated, streamedFrom: streamer('main-kafka', 'post') })

// handling an event that the topic never carries
// says: TopicDoesNotCarryEvent<"main-kafka/posts">
EventHandler({ eventType: UserCreated, streamedFrom: streamer('main-kafka', 'posts') })

// a handler whose parameter is another event
// says: Argument of type 'typeof HandlesPostDeleted' is not assignable to parameter of type 'Streamed
// says: StreamedEventHandler<PostCreated>
EventHandler({ eventType: PostCreated, streamedFrom: streamer('main-kafka', 'posts') })(HandlesPostDeleted)

// a streamer missing in the configuration
// says: Property ''event-bridge'' is missing in type
config.streamers = { 'main-kafka': connector }

// a streamer that no contract knows
// says: 'other' does not exist in type
config.streamers = { 'main-kafka': connector, 'event-bridge': connector, other: connector }
