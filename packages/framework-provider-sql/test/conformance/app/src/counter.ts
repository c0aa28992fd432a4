import { Command, Entity, Event, EventHandler, Projects, ReadModel, Reduces } from '@boostercloud/framework-core'
import { ProjectionResult, Register, UUID } from '@boostercloud/framework-types'

@Event
export class Counted {
  public constructor(
    readonly counterId: UUID,
    readonly step: number,
    readonly label: string
  ) {}

  public entityID(): UUID {
    return this.counterId
  }
}

/** Knows how many steps it has seen, and in which order. */
@Entity({ authorizeReadEvents: 'all' })
export class Counter {
  public constructor(
    readonly id: UUID,
    readonly count: number,
    readonly steps: number[],
    readonly label: string
  ) {}

  @Reduces(Counted)
  public static counted(event: Counted, current?: Counter): Counter {
    const steps = [...(current?.steps ?? []), event.step]
    return new Counter(event.counterId, steps.length, steps, event.label)
  }
}

@ReadModel({ authorize: 'all' })
export class CounterView {
  public constructor(
    readonly id: UUID,
    readonly count: number,
    readonly steps: number[],
    readonly label: string
  ) {}

  @Projects(Counter, 'id')
  public static ofCounter(counter: Counter): ProjectionResult<CounterView> {
    return new CounterView(counter.id, counter.count, counter.steps, counter.label)
  }
}

@Command({ authorize: 'all' })
export class Count {
  public constructor(
    readonly counterId: UUID,
    readonly step: number,
    readonly label: string
  ) {}

  public static async handle(command: Count, register: Register): Promise<void> {
    register.events(new Counted(command.counterId, command.step, command.label))
  }
}

@Command({ authorize: 'all' })
export class Refuse {
  public constructor(readonly reason: string) {}

  public static async handle(command: Refuse, register: Register): Promise<void> {
    register.events(new Counted('refused', 0, command.reason))
    throw new Error(`Refused: ${command.reason}`)
  }
}

@Event
export class Noted {
  public constructor(
    readonly noteId: UUID,
    readonly step: number
  ) {}

  public entityID(): UUID {
    return this.noteId
  }
}

/** What the handler below has made of a counter's steps. */
@Entity
export class Note {
  public constructor(
    readonly id: UUID,
    readonly steps: number[]
  ) {}

  @Reduces(Noted)
  public static noted(event: Noted, current?: Note): Note {
    return new Note(event.noteId, [...(current?.steps ?? []), event.step])
  }
}

@EventHandler(Counted)
export class NotesCounted {
  public static async handle(event: Counted, register: Register): Promise<void> {
    if (event.label === 'noted') register.events(new Noted(`note-of-${event.counterId}`, event.step))
  }
}
