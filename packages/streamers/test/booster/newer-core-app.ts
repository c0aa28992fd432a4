const index = `import { Booster } from '@boostercloud/framework-core'
export { Booster, boosterEventDispatcher, boosterServeGraphQL } from '@boostercloud/framework-core'
export { runStreamedHandlers } from '@boostercloud/streamers/runtime'
Booster.start(__dirname)
`

const config = `import { existsSync } from 'node:fs'
import { Booster, GlobalErrorHandler } from '@boostercloud/framework-core'
import { BoosterConfig } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { StreamerError } from '@boostercloud/streamer-connector'

const log = LocalStreamer.with({ path: 'log', pollWaitMs: 50 })
const publish = log.publish.bind(log)
log.publish = async (...given) => {
  if (existsSync('away')) throw new StreamerError('STREAMER_UNAVAILABLE', 'Away.', { hint: 'Wait.', retryable: true })
  return publish(...given)
}

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'generations'
  config.providerPackage = '@boostercloud/framework-provider-sql'
  config.streamers = { main: log }
})

@GlobalErrorHandler()
export class Explains {
  /** As apps write it for Booster from 2.16 on; before, the second argument is the instance. */
  public static async onDispatchEventHandlerError(error: Error, ...[envelope, , instance]: any[]): Promise<Error> {
    const { typeName, entityID, entityTypeName, requestID, createdAt, value } = envelope
    const told = instance === undefined ? { instance: envelope } : { typeName, entityID, entityTypeName, requestID, createdAt, value }
    return new Error(JSON.stringify({ error: error.message, ...told }))
  }
}
`

const events = `import { Entity, Event as BoosterEvent, Reduces } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'
import { Event, EventHandler } from '@boostercloud/streamers'

@Event({ streamTo: 'main/notes' })
export class Noted {
  public constructor(readonly noteId: UUID, readonly text: string) {}
  public entityID(): UUID {
    return this.noteId
  }
}

@Entity
export class Note {
  public constructor(readonly id: UUID, readonly text: string) {}

  @Reduces(Noted)
  public static noted(event: Noted): Note {
    return new Note(event.noteId, event.text)
  }
}

@BoosterEvent
export class Unreduced {
  public entityID(): UUID {
    return 'nobody'
  }
}

@EventHandler({ streamedFrom: 'main/failing' })
export class Fails {
  public static async handle(event: unknown, register: Register): Promise<void> {
    throw new Error('It fails.')
  }
}

@EventHandler({ streamedFrom: 'main/loose' })
export class Registers {
  public static async handle(event: unknown, register: Register): Promise<void> {
    register.events(new Unreduced())
  }
}
`

/** A service whose handlers fail, and whose broker is away for as long as there is a file `away`. */
export const GENERATIONS_APP: Readonly<Record<string, string>> = {
  'src/index.ts': index,
  'src/config.ts': config,
  'src/events.ts': events,
}
