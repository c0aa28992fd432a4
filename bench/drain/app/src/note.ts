import { Command, Entity, Reduces } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'
import { Event, streamer } from '@boostercloud/streamers'

@Event({ streamTo: streamer('main', 'notes') })
export class NoteTaken {
  public constructor(
    readonly noteId: UUID,
    readonly number: number,
    readonly text: string
  ) {}

  public entityID(): UUID {
    return this.noteId
  }
}

@Entity
export class Note {
  public constructor(
    readonly id: UUID,
    readonly number: number
  ) {}

  @Reduces(NoteTaken)
  public static taken({ noteId, number }: NoteTaken): Note {
    return new Note(noteId, number)
  }
}

/** Takes notes with the numbers from `from` on, in turn on so many entities. */
@Command({ authorize: 'all' })
export class TakeNotes {
  public constructor(
    readonly from: number,
    readonly count: number,
    readonly entities: number,
    readonly text: string
  ) {}

  public static async handle({ from, count, entities, text }: TakeNotes, register: Register): Promise<void> {
    for (let n = from; n < from + count; n += 1) register.events(new NoteTaken(`note-${n % entities}`, n, text))
  }
}
