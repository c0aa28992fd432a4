import { Entity, Event, EventHandler, Projects, ReadModel, Reduces } from '@boostercloud/framework-core'
import { ProjectionResult, Register, UUID } from '@boostercloud/framework-types'

@Event
export class Counted {
  public constructor(
    readonly counterId: UUID,
    readonly step: number
  ) {}

  public entityID(): UUID {
    return this.counterId
  }
}

@Entity
export class Counter {
  public constructor(
    readonly id: UUID,
    readonly steps: number[]
  ) {}

  @Reduces(Counted)
  public static counted(event: Counted, current?: Counter): Counter {
    return new Counter(event.counterId, [...(current?.steps ?? []), event.step])
  }
}

@ReadModel({ authorize: 'all' })
export class CounterView {
  public constructor(
    readonly id: UUID,
    readonly steps: number[]
  ) {}

  @Projects(Counter, 'id')
  public static ofCounter(counter: Counter): ProjectionResult<CounterView> {
    return new CounterView(counter.id, counter.steps)
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
    readonly steps: number[],
    readonly total: UUID
  ) {}

  @Reduces(Noted)
  public static noted(event: Noted, current?: Note): Note {
    return new Note(event.noteId, [...(current?.steps ?? []), event.step], 'total')
  }
}

/** Adds up what many counters have. */
@ReadModel({ authorize: 'all' })
export class Total {
  public constructor(
    readonly id: UUID,
    readonly counts: Record<string, number>
  ) {}

  @Projects(Note, 'total')
  public static ofNote(note: Note, current?: Total): ProjectionResult<Total> {
    return new Total(note.total, { ...current?.counts, [String(note.id)]: note.steps.length })
  }
}

/** Steps that are held until the process ends, and steps that fail so many times. */
const held = new Set<number>(JSON.parse(process.env.HELD_STEPS ?? '[]'))
const failures = new Map<number, number>(JSON.parse(process.env.FAILING_STEPS ?? '[]'))

@EventHandler(Counted)
export class NotesCounted {
  public static async handle(event: Counted, register: Register): Promise<void> {
    register.events(new Noted(`note-of-${event.counterId}`, event.step))
    if (held.has(event.step)) await new Promise(() => undefined)
    const left = failures.get(event.step) ?? 0
    if (left <= 0) return
    failures.set(event.step, left - 1)
    throw new Error(`Step ${event.step} fails.`)
  }
}
