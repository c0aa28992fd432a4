/** A service whose handlers fail on demand, as it is deployed to AWS. What its handlers are given is written to `handled.log`. */
export const FUNCTIONS_APP: Readonly<Record<string, string>> = {
  'src/config/config.ts': `import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig } from '@boostercloud/framework-types'
import { EventBridgeStreamer } from '@boostercloud/eventbridge-streamer'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { DynamoState, streamOnAws } from '@boostercloud/streamers-aws'

Booster.configure('production', (config: BoosterConfig): void => {
  config.appName = process.env.APP_NAME as string
  config.providerPackage = '@boostercloud/framework-provider-aws'
  config.streamers = {
    bus: EventBridgeStreamer.with({ region: 'eu-west-1', eventBus: 'main' }),
    kafka: KafkaStreamer.with({ brokers: (process.env.KAFKA as string).split(',') }),
    log: LocalStreamer.with({ path: 'log', pollWaitMs: 100 }),
  }
  config.streaming = {
    state: DynamoState.at({ create: true }),
    receiving: { retry: { attempts: 3, firstDelayMs: 1_000, factor: 1, maxDelayMs: 1_000, jitter: 0 } },
  }
  streamOnAws(config)
})
`,
  'src/index.ts': `import { Booster } from '@boostercloud/framework-core'
export { Booster, boosterEventDispatcher, boosterRocketDispatcher } from '@boostercloud/framework-core'

Booster.start(__dirname)
`,
  'src/events.ts': `import { UUID } from '@boostercloud/framework-types'
import { Event } from '@boostercloud/streamers'

@Event({ streamTo: 'kafka/orders' })
export class OrderPlaced {
  public constructor(readonly orderId: UUID, readonly n: number) {}
  public entityID(): UUID {
    return this.orderId
  }
}

@Event({ streamTo: 'log/receipts' })
export class Received {
  public constructor(readonly of: UUID, readonly n: number, readonly by: string) {}
  public entityID(): UUID {
    return this.of
  }
}
`,
  'src/entities.ts': `import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { OrderPlaced, Received } from './events'

@Entity
export class Order {
  public constructor(readonly id: UUID, readonly placed: number) {}

  @Reduces(OrderPlaced)
  public static placed(event: OrderPlaced): Order {
    return new Order(event.orderId, event.n)
  }
}

@Entity
export class Receipt {
  public constructor(readonly id: UUID, readonly n: number) {}

  @Reduces(Received)
  public static received(event: Received): Receipt {
    return new Receipt(event.of, event.n)
  }
}
`,
  'src/handlers.ts': `import { appendFileSync, existsSync } from 'node:fs'
import { Register, UUID } from '@boostercloud/framework-types'
import { EventHandler } from '@boostercloud/streamers'
import { Received } from './events'

/** What comes from outside; it is bad for as long as a file says so. */
export class Note {
  public constructor(readonly of: string, readonly n: number) {}
  public entityID(): UUID {
    return this.of as UUID
  }
}

function take(by: string, note: Note, register: Register): void {
  const isBad = existsSync('bad-' + note.of + '-' + note.n)
  appendFileSync('handled.log', JSON.stringify({ by, of: note.of, n: note.n, isBad }) + '\\n')
  if (isBad) throw new Error('a bad note')
  register.events(new Received(note.of as UUID, note.n, by))
}

@EventHandler({ eventType: Note, streamedFrom: 'bus/notes' })
export class TakeFromBus {
  public static async handle(note: Note, register: Register): Promise<void> {
    take('bus', note, register)
  }
}

@EventHandler({ eventType: Note, streamedFrom: 'kafka/notes' })
export class TakeFromKafka {
  public static async handle(note: Note, register: Register): Promise<void> {
    take('kafka', note, register)
  }
}

@EventHandler({ eventType: Note, streamedFrom: 'log/notes' })
export class TakeFromLog {
  public static async handle(note: Note, register: Register): Promise<void> {
    take('log', note, register)
  }
}
`,
}
