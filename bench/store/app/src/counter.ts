import { Command, Entity, Event, Projects, ReadModel, Reduces } from '@boostercloud/framework-core'
import { ProjectionResult, Register, UUID } from '@boostercloud/framework-types'

@Event
export class Counted {
  public constructor(
    readonly counterId: UUID,
    readonly text: string
  ) {}

  public entityID(): UUID {
    return this.counterId
  }
}

@Entity
export class Counter {
  public constructor(
    readonly id: UUID,
    readonly count: number,
    readonly text: string
  ) {}

  @Reduces(Counted)
  public static counted({ counterId, text }: Counted, current?: Counter): Counter {
    return new Counter(counterId, (current?.count ?? 0) + 1, text)
  }
}

@ReadModel({ authorize: 'all' })
export class CounterView {
  public constructor(
    readonly id: UUID,
    readonly count: number,
    readonly text: string
  ) {}

  @Projects(Counter, 'id')
  public static ofCounter({ id, count, text }: Counter): ProjectionResult<CounterView> {
    return new CounterView(id, count, text)
  }
}

/** Counts so many times at once: how a store is filled. */
@Command({ authorize: 'all' })
export class CountOften {
  public constructor(
    readonly counterId: UUID,
    readonly text: string,
    readonly times: number
  ) {}

  public static async handle({ counterId, text, times }: CountOften, register: Register): Promise<void> {
    register.events(...Array.from({ length: times }, () => new Counted(counterId, text)))
  }
}

@Command({ authorize: 'all' })
export class Count {
  public constructor(
    readonly counterId: UUID,
    readonly text: string
  ) {}

  public static async handle({ counterId, text }: Count, register: Register): Promise<void> {
    register.events(new Counted(counterId, text))
  }
}
