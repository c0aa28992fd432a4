import type { BoosterConfig, Register, UUID } from '@boostercloud/framework-types'
import { Event, EventHandler, streamer } from '@boostercloud/streamers'
import type { Address, EventsAt, StreamerConnector } from '@boostercloud/streamers'

class PostCreated {
  public constructor(
    readonly postId: UUID,
    readonly title: string
  ) {}
  public entityID(): UUID {
    return this.postId
  }
}

class PostDeleted {
  public constructor(
    readonly postId: UUID,
    readonly reason: number
  ) {}
  public entityID(): UUID {
    return this.postId
  }
}

class UserCreated {
  public constructor(readonly userId: UUID) {}
  public entityID(): UUID {
    return this.userId
  }
}

declare module '@boostercloud/streamers' {
  interface Streamers {
    'main-kafka': { posts: PostCreated | PostDeleted; users: UserCreated }
    'event-bridge': { integrations: PostCreated }
  }
}

// Addresses, by function and as plain strings.
const posts: 'main-kafka/posts' = streamer('main-kafka', 'posts')
const alone: Address = 'main-kafka'
const plain: Address = 'event-bridge/integrations'
const carried: EventsAt<'main-kafka/users'> = new UserCreated('1' as UUID)
// @ts-expect-error unknown streamer
streamer('main-kafak', 'posts')
// @ts-expect-error unknown topic
streamer('main-kafka', 'post')
// @ts-expect-error unknown streamer in a plain string
const wrongStreamer: Address = 'main-kafak/posts'
// @ts-expect-error unknown topic in a plain string
const wrongTopic: Address = 'main-kafka/post'

// Publishing.
Event(PostCreated)
Event({ streamTo: streamer('main-kafka', 'posts') })(PostCreated)
Event({ streamTo: 'main-kafka/posts' })(PostDeleted)
Event({ streamTo: ['main-kafka/posts', 'event-bridge/integrations'] })(PostCreated)
Event({ streamTo: 'main-kafka/posts', requires: { ordering: 'key', durable: true } })(PostCreated)

@Event({ streamTo: 'main-kafka/users' })
class DecoratedUserCreated extends UserCreated {}

// @ts-expect-error unknown streamer
Event({ streamTo: 'main-kafak/posts' })
// @ts-expect-error unknown topic
Event({ streamTo: 'main-kafka/post' })
// @ts-expect-error one of the two is unknown
Event({ streamTo: ['main-kafka/posts', 'event-bridge/integration'] })
// @ts-expect-error the topic does not carry this event
Event({ streamTo: 'main-kafka/users' })(PostCreated)
// @ts-expect-error one of the two does not carry it
Event({ streamTo: ['main-kafka/posts', 'event-bridge/integrations'] })(PostDeleted)
// @ts-expect-error no such capability
Event({ streamTo: 'main-kafka/posts', requires: { ordered: true } })

// Handling.
class HandlesPostCreated {
  public static async handle(_event: PostCreated, _register: Register): Promise<void> {}
}
class HandlesPostDeleted {
  public static async handle(_event: PostDeleted, _register: Register): Promise<void> {}
}
class HandlesUnknown {
  public static async handle(_event: unknown, _register: Register): Promise<void> {}
}

EventHandler(PostCreated)(HandlesPostCreated)
EventHandler({ eventType: PostCreated, streamedFrom: 'main-kafka/posts' })(HandlesPostCreated)
EventHandler({ eventType: PostCreated, streamedFrom: streamer('main-kafka', 'posts') })(HandlesPostCreated)
EventHandler({ eventType: PostCreated, streamedFrom: ['main-kafka/posts', 'event-bridge/integrations'] })(
  HandlesPostCreated
)
EventHandler({ eventType: PostCreated, streamedFrom: 'main-kafka/posts', retry: { attempts: 3 } })(HandlesPostCreated)
EventHandler({ eventType: PostCreated, streamedFrom: 'main-kafka/posts' })(HandlesUnknown)
EventHandler({ streamedFrom: 'main-kafka/posts' })(HandlesUnknown)
EventHandler({ streamedFrom: ['main-kafka/posts', 'main-kafka/users'] })(HandlesUnknown)

@EventHandler({ eventType: PostCreated, streamedFrom: streamer('main-kafka', 'posts') })
class Decorated {
  public static async handle(event: PostCreated, _register: Register): Promise<void> {
    const title: string = event.title
    void title
  }
}

// @ts-expect-error the handler's parameter is not the event's class
EventHandler({ eventType: PostCreated, streamedFrom: 'main-kafka/posts' })(HandlesPostDeleted)
// @ts-expect-error the handler's parameter is not the event's class, in Booster's own form
EventHandler(PostCreated)(HandlesPostDeleted)
// @ts-expect-error an untyped handler is given unknown
EventHandler({ streamedFrom: 'main-kafka/posts' })(HandlesPostCreated)
// @ts-expect-error unknown streamer
EventHandler({ eventType: PostCreated, streamedFrom: 'main-kafak/posts' })
// @ts-expect-error unknown topic
EventHandler({ eventType: PostCreated, streamedFrom: 'main-kafka/post' })
// @ts-expect-error unknown topic, untyped
EventHandler({ streamedFrom: 'main-kafka/post' })
// @ts-expect-error the topic never carries this event
EventHandler({ eventType: UserCreated, streamedFrom: 'main-kafka/posts' })
// @ts-expect-error a class that is no event of any topic
EventHandler({ eventType: HandlesUnknown, streamedFrom: 'main-kafka/posts' })

class HandlesBatches {
  public static async handleBatch(_events: PostCreated[], _register: Register): Promise<void> {}
}
EventHandler({ eventType: PostCreated, streamedFrom: 'main-kafka/posts', batchSize: 50 })(HandlesBatches)
// @ts-expect-error the batch is of another class
EventHandler({ eventType: PostDeleted, streamedFrom: 'main-kafka/posts' })(HandlesBatches)

// The configuration.
declare const config: BoosterConfig
declare const connector: StreamerConnector
config.streamers = { 'main-kafka': connector, 'event-bridge': connector }
// @ts-expect-error a declared streamer is missing
config.streamers = { 'main-kafka': connector }
// @ts-expect-error one that is not declared
config.streamers = { 'main-kafka': connector, 'event-bridge': connector, other: connector }
// @ts-expect-error not a connector
config.streamers = { 'main-kafka': connector, 'event-bridge': {} }
config.streaming = { drainMs: 5_000, receiving: { retry: { attempts: 3 }, concurrency: 4 } }
// @ts-expect-error no such option
config.streaming = { drainSeconds: 5 }
