/** A service that streams to itself, whose command is sent in a span. */
export const HEALTH_APP: Readonly<Record<string, string>> = {
  'src/config/config.ts': `import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'health'
  config.providerPackage = '@boostercloud/framework-provider-local'
  config.sensorConfiguration.health.globalAuthorizer = { authorize: 'all' }
  config.sensorConfiguration.health.booster.booster.enabled = true
  config.streamers = { main: LocalStreamer.with({ path: 'log' }) }
})
`,
  'src/index.ts': `import { Booster } from '@boostercloud/framework-core'
export { Booster, boosterEventDispatcher, boosterHealth, boosterServeGraphQL } from '@boostercloud/framework-core'

Booster.start(__dirname)
`,
  'src/events/post-created.ts': `import { UUID } from '@boostercloud/framework-types'
import { Event } from '@boostercloud/streamers'

@Event({ streamTo: 'main/posts' })
export class PostCreated {
  public constructor(readonly postId: UUID) {}
  public entityID(): UUID {
    return this.postId
  }
}
`,
  'src/entities/post.ts': `import { Command, Entity, Reduces } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'
import { PostCreated } from '../events/post-created'

@Entity
export class Post {
  public constructor(readonly id: UUID) {}

  @Reduces(PostCreated)
  public static created(event: PostCreated): Post {
    return new Post(event.postId)
  }
}

@Command({ authorize: 'all' })
export class CreatePost {
  public constructor(readonly postId: string) {}

  public static async handle(command: CreatePost, register: Register): Promise<void> {
    register.events(new PostCreated(command.postId as UUID))
  }
}
`,
  'src/handlers/seen.ts': `import { Register } from '@boostercloud/framework-types'
import { EventHandler } from '@boostercloud/streamers'

@EventHandler({ streamedFrom: 'main/posts' })
export class Seen {
  public static async handle(event: unknown, register: Register): Promise<void> {}
}
`,
}
