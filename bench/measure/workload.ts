import { newEventId, withMetadata } from '@boostercloud/streamer-connector'

/** Bytes of one event's body as JSON. */
export const EVENT_BYTES = 200
/** Entities that the events belong to in turn. */
export const ENTITIES = 100
/** CloudEvents `source` of all events. */
export const SOURCE = 'bench'

const FILLER = 'streamed events are text of some length '.repeat(5)

/** The event that all systems carry. Its fields make a JSON text of {@link EVENT_BYTES}; id and time are beside them, given before it is published. */
export class Measured {
  public readonly text: string
  readonly #id = newEventId()
  readonly #time = new Date().toISOString()

  /** `sentAt`: microseconds by {@link nowMicros}. */
  public constructor(
    public readonly entity: string,
    public readonly n: number,
    public readonly sentAt: number
  ) {
    const rest = JSON.stringify({ entity, n, sentAt, text: '' })
    this.text = FILLER.slice(0, EVENT_BYTES - rest.length)
  }

  public get id(): string {
    return this.#id
  }

  public get time(): string {
    return this.#time
  }

  public entityID(): string {
    return this.entity
  }
}

/** What a handler gets: the same, or its fields alone. */
export type Received = Pick<Measured, 'entity' | 'n' | 'sentAt'>

/** An event, sent now, with the metadata that a relay gives it. */
export function eventNumber(n: number): Measured {
  const entity = entityOf(n)
  const event = new Measured(entity, n, nowMicros())
  const { id, time } = event
  return withMetadata(event, { id, type: Measured.name, source: SOURCE, subject: entity, key: entity, time })
}

/** Whose event it is. */
export function entityOf(n: number): string {
  return `entity-${String(n % ENTITIES).padStart(3, '0')}`
}

/** Microseconds by a clock that all processes of a machine share. */
export function nowMicros(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e6 + Math.round(nanoseconds / 1e3)
}

/** Whether an event is the one in so many that fails: of each row of so many one, of another entity in each row. */
export function failsOnce(n: number, every: number): boolean {
  return every > 0 && (n + Math.floor(n / every)) % every === every - 1
}
