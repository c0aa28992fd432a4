import { Projects, ReadModel } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Entry } from '../entities/entry'

@ReadModel({ authorize: 'all' })
export class EntryReadModel {
  public constructor(
    readonly id: UUID,
    readonly type: string,
    readonly description: string,
    readonly timesSeen: number
  ) {}

  @Projects(Entry, 'id')
  public static fromEntry(entry: Entry): ProjectionResult<EntryReadModel> {
    return new EntryReadModel(entry.id, entry.type, entry.description, entry.timesSeen)
  }
}
