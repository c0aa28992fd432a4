import { streamer } from '@boostercloud/streamer-connector'
import type { Address, Declared, EventsAt, StreamerId, TopicOf } from '@boostercloud/streamer-connector'

class PostCreated {
  public constructor(readonly postId: string) {}
}

class PostDeleted {
  public constructor(
    readonly postId: string,
    readonly reason: string
  ) {}
}

class UserCreated {
  public constructor(readonly userId: string) {}
}

declare module '@boostercloud/streamer-connector' {
  interface Streamers {
    'main-kafka': { posts: PostCreated | PostDeleted; users: UserCreated }
    'event-bridge': { 'integrations/all': PostCreated }
  }
}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <T extends true>(it?: T): T | undefined => it

holds<Declared>()
holds<Same<StreamerId, 'main-kafka' | 'event-bridge'>>()
holds<Same<TopicOf<'main-kafka'>, 'posts' | 'users'>>()
holds<
  Same<
    Address,
    'main-kafka' | 'main-kafka/posts' | 'main-kafka/users' | 'event-bridge' | 'event-bridge/integrations/all'
  >
>()
// @ts-expect-error The check itself can fail.
holds<Same<StreamerId, string>>()

// By function.
export const posts: 'main-kafka/posts' = streamer('main-kafka', 'posts')
export const main: 'main-kafka' = streamer('main-kafka')
export const all: Address = streamer('event-bridge', 'integrations/all')
// @ts-expect-error No such streamer.
streamer('main-kafak', 'posts')
// @ts-expect-error No such streamer.
streamer('main-kafak')
// @ts-expect-error No such topic.
streamer('main-kafka', 'post')
// @ts-expect-error A topic of another streamer.
streamer('event-bridge', 'posts')
// @ts-expect-error An address is no streamer's id.
streamer('main-kafka/posts')
// @ts-expect-error A string that is known at run time only.
streamer(String('main-kafka'), 'posts')

// As plain strings.
export const plain: Address[] = ['main-kafka', 'main-kafka/posts', 'event-bridge/integrations/all']
// @ts-expect-error No such streamer.
export const unknownStreamer: Address = 'main-kafak/posts'
// @ts-expect-error No such topic.
export const unknownTopic: Address = 'main-kafka/post'
// @ts-expect-error A topic of another streamer.
export const elsewhere: Address = 'event-bridge/users'
// @ts-expect-error No topic after the slash.
export const noTopic: Address = 'main-kafka/'
// @ts-expect-error Nothing.
export const nothing: Address = ''
// @ts-expect-error A string that is known at run time only.
export const late: Address = String('main-kafka/posts')

// What an address carries.
holds<Same<EventsAt<'main-kafka/posts'>, PostCreated | PostDeleted>>()
holds<Same<EventsAt<'event-bridge/integrations/all'>, PostCreated>>()
holds<Same<EventsAt<'main-kafka'>, PostCreated | PostDeleted | UserCreated>>()
holds<Same<EventsAt<'main-kafka/post'>, never>>()
