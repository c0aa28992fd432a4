import { Command, Entity, Reduces } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'
import { Event, streamer } from '@boostercloud/streamers'

@Event({ streamTo: streamer('main', 'notes') })
export class NoteTaken {
  public constructor(
    readonly noteId: UUID,
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
    readonly text: string
  ) {}

  @Reduces(NoteTaken)
  public static taken({ noteId, text }: NoteTaken): Note {
    return new Note(noteId, text)
  }
}

@Command({ authorize: 'all' })
export class TakeNotes {
  public constructor(
    readonly from: number,
    readonly count: number,
    readonly text: string
  ) {}

  public static async handle({ from, count, text }: TakeNotes, register: Register): Promise<void> {
    for (let n = from; n < from + count; n += 1) register.events(new NoteTaken(`note-${n}`, text))
  }
}
