import type { BoosterConfig, Register, UUID } from '@boostercloud/framework-types'
import type { StreamerConnector } from '@boostercloud/streamers'

export class PostCreated {
  public constructor(
    readonly postId: UUID,
    readonly title: string
  ) {}
  public entityID(): UUID {
    return this.postId
  }
}

export class PostDeleted {
  public constructor(
    readonly postId: UUID,
    readonly reason: number
  ) {}
  public entityID(): UUID {
    return this.postId
  }
}

export class UserCreated {
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

export class HandlesPostDeleted {
  public static async handle(_event: PostDeleted, _register: Register): Promise<void> {}
}

export declare const config: BoosterConfig
export declare const connector: StreamerConnector
