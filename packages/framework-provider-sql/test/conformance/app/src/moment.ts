import { Entity, Event, EventHandler, Projects, ReadModel, Reduces } from '@boostercloud/framework-core'
import { ProjectionResult, Register, UUID } from '@boostercloud/framework-types'

export class Place {
  public constructor(
    readonly name: string,
    readonly since: Date
  ) {}
}

/** Has what JSON does not have. */
@Event
export class Lived {
  public constructor(
    readonly momentId: UUID,
    readonly at: Date,
    readonly others: Date[],
    readonly place: Place,
    readonly count: bigint | undefined
  ) {}

  public entityID(): UUID {
    return this.momentId
  }
}

/** What reducer, projection and handler were given, in words. */
@Entity
export class Moment {
  public constructor(
    readonly id: UUID,
    readonly at: Date,
    readonly place: Place,
    readonly given: string[]
  ) {}

  @Reduces(Lived)
  public static lived(event: Lived, current?: Moment): Moment {
    return new Moment(event.momentId, event.at, event.place, [...(current?.given ?? []), given(event, current)])
  }
}

@ReadModel({ authorize: 'all' })
export class MomentView {
  public constructor(
    readonly id: UUID,
    readonly at: Date,
    readonly place: Place,
    readonly given: string[]
  ) {}

  @Projects(Moment, 'id')
  public static ofMoment(moment: Moment, current?: MomentView): ProjectionResult<MomentView> {
    const seen = `projection: ${kindOf(moment.at)}, ${kindOf(moment.place.since)}, ${kindOf(current?.at)}`
    return new MomentView(moment.id, moment.at, moment.place, [...moment.given, seen])
  }
}

@Event
export class Remembered {
  public constructor(
    readonly memoryId: UUID,
    readonly given: string
  ) {}

  public entityID(): UUID {
    return this.memoryId
  }
}

@Entity
export class Memory {
  public constructor(
    readonly id: UUID,
    readonly given: string
  ) {}

  @Reduces(Remembered)
  public static remembered(event: Remembered): Memory {
    return new Memory(event.memoryId, event.given)
  }
}

@EventHandler(Lived)
export class Remembers {
  public static async handle(event: Lived, register: Register): Promise<void> {
    register.events(new Remembered(`memory-of-${event.momentId}`, given(event)))
  }
}

function given({ at, others, place, count }: Lived, current?: Moment): string {
  return [at, others[0], place.since, current?.at, count].map(kindOf).join(', ')
}

function kindOf(value: unknown): string {
  return value instanceof Date ? 'Date' : typeof value
}
