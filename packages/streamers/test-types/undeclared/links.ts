import type { BoosterConfig, Register, UUID } from '@boostercloud/framework-types'
import { Event, EventHandler, streamer } from '@boostercloud/streamers'
import type { StreamerConnector } from '@boostercloud/streamers'

class PostCreated {
  public constructor(readonly postId: UUID) {}
  public entityID(): UUID {
    return this.postId
  }
}
class Other {
  public constructor(readonly wholly: number) {}
  public entityID(): UUID {
    return '' as UUID
  }
}
class HandlesPostCreated {
  public static async handle(_event: PostCreated, _register: Register): Promise<void> {}
}
class HandlesOther {
  public static async handle(_event: Other, _register: Register): Promise<void> {}
}

// With nothing declared, any string is an address, as in the RFC.
Event({ streamTo: 'anything/at-all' })(PostCreated)
Event({ streamTo: ['one/a', 'two'] })(PostCreated)
Event({ streamTo: streamer('any', 'topic') })(PostCreated)
EventHandler({ eventType: PostCreated, streamedFrom: 'anything/at-all' })(HandlesPostCreated)
EventHandler({ streamedFrom: streamer('any') })(
  class {
    public static async handle(_event: unknown): Promise<void> {}
  }
)

// What needs no declaration is still checked.
// @ts-expect-error the handler's parameter is not the event's class
EventHandler({ eventType: PostCreated, streamedFrom: 'anything' })(HandlesOther)
// @ts-expect-error not an address
Event({ streamTo: 7 })
// @ts-expect-error streamedFrom is missing
EventHandler({ eventType: PostCreated })

declare const config: BoosterConfig
declare const connector: StreamerConnector
config.streamers = { a: connector, b: connector }
// @ts-expect-error not a connector
config.streamers = { a: 1 }
