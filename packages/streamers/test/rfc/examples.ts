/**
 * The RFC's examples. Each says what had to be changed for it to compile and run; nothing else was.
 */
export interface RfcExample {
  readonly name: string
  readonly changes: readonly string[]
  /** Files of the app, below src. */
  readonly files: Readonly<Record<string, string>>
  /** What the service says once a post has arrived. */
  readonly says: (postId: string, title: string) => string
}

const CONFIG = `import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'rfc'
  config.providerPackage = '@boostercloud/framework-provider-local'
  config.streamers = {
    'main-kafka': LocalStreamer.with({ path: 'kafka' }),
    'event-bridge': LocalStreamer.with({ path: 'event-bridge' }),
  }
})
`

const INDEX = `import { Booster } from '@boostercloud/framework-core'
export { Booster, boosterEventDispatcher, boosterServeGraphQL } from '@boostercloud/framework-core'

Booster.start(__dirname)
`

const APP = `import { Command, Entity, Reduces } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'
import { PostCreated } from './post-created'

@Entity
export class Post {
  public constructor(readonly id: UUID, readonly title: string) {}

  @Reduces(PostCreated)
  public static created(event: PostCreated): Post {
    return new Post(event.postId, event.title)
  }
}

@Command({ authorize: 'all' })
export class CreatePost {
  public constructor(readonly postId: string, readonly title: string) {}

  public static async handle(command: CreatePost, register: Register): Promise<void> {
    register.events(new PostCreated(command.postId as UUID, command.title, 'content', 'author'))
  }
}
`

const ONE_ADDRESS = `import { UUID } from '@boostercloud/framework-types'
import { Event } from '@boostercloud/streamers'

// Event automatically streamed to the \`main-kafka\` streamer in the \`posts\` topic
@Event({ streamTo: 'main-kafka/posts' })
export class PostCreated {
  public constructor(
    readonly postId: UUID,
    readonly title: string,
    readonly content: string,
    readonly author: string
  ) {}
  public entityID(): UUID {
    return this.postId
  }
}
`

const TWO_ADDRESSES = ONE_ADDRESS.replace(
  "'main-kafka/posts' })",
  "['main-kafka/posts', 'event-bridge/integrations'] })"
).replace(
  'streamer in the `posts` topic',
  'streamer in the `posts` topic and the `event-bridge` streamer in the topic `integrations`'
)

const TYPED = `import { Booster } from '@boostercloud/framework-core'
import { Register } from '@boostercloud/framework-types'
import { getLogger } from '@boostercloud/framework-common-helpers'
import { EventHandler } from '@boostercloud/streamers'
import { PostCreated } from '@application-name/main-kafka-types'

// When importing Booster generated events (from a different Booster service),
// and we have the event schema available (i.e. in a shared node module),
// The event is automatically loaded with the right Booster event type.
@EventHandler({ eventType: PostCreated, streamedFrom: 'main-kafka/posts' })
export class PostUpdates {
  public static async handle(event: PostCreated, register: Register): Promise<void> {
    // Make sure to do validation to make sure that the event is trustable
    getLogger(Booster.config).debug('PostCreated received for post ' + event.postId + ', ' + event.constructor.name)
  }
}
`

const untyped = (address: string): string => `import { Booster } from '@boostercloud/framework-core'
import { Register } from '@boostercloud/framework-types'
import { getLogger } from '@boostercloud/framework-common-helpers'
import { EventHandler } from '@boostercloud/streamers'

// When the event can't be parsed automatically
// it's unwrapped as an unknown object.
@EventHandler({ streamedFrom: '${address}' })
export class PostUpdates {
  public static async handle(event: unknown, register: Register): Promise<void> {
    // Make sure to do validation to make sure that the event is trustable and
    // can be properly parsed
    getLogger(Booster.config).debug('A raw event received: ' + (event as { title?: string }).title)
  }
}
`

const COMMON_CHANGES = [
  'imports are added',
  'entityID() is added to PostCreated, which Booster demands of every event',
  'Booster.logger, which Booster does not have, is getLogger(Booster.config)',
  'the closing parenthesis of the logging call is added',
]

export const RFC_EXAMPLES: readonly RfcExample[] = [
  {
    name: 'an event streamed to one address, and a typed handler',
    changes: [...COMMON_CHANGES, 'the message also says the class of what arrived, for this test to see it'],
    files: {
      'index.ts': INDEX,
      'config.ts': CONFIG,
      'app.ts': APP,
      'post-created.ts': ONE_ADDRESS,
      'post-updates.ts': TYPED,
    },
    says: (postId) => `PostCreated received for post ${postId}, PostCreated`,
  },
  ...['main-kafka/posts', 'event-bridge/integrations'].map((address) => ({
    name: `an event streamed to two addresses, and an untyped handler at ${address}`,
    changes: [
      ...COMMON_CHANGES,
      "the bracket that closes streamTo's array is added",
      'event.aKnownField is (event as { title?: string }).title: unknown must be narrowed',
      ...(address === 'main-kafka/posts' ? [] : ['the handler names the other of the two addresses']),
    ],
    files: {
      'index.ts': INDEX,
      'config.ts': CONFIG,
      'app.ts': APP,
      'post-created.ts': TWO_ADDRESSES,
      'post-updates.ts': untyped(address),
    },
    says: (_: string, title: string) => `A raw event received: ${title}`,
  })),
]
