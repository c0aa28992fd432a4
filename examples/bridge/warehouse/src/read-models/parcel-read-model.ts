import { Projects, ReadModel } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Parcel } from '../entities/parcel'

@ReadModel({ authorize: 'all' })
export class ParcelReadModel {
  public constructor(
    readonly id: UUID,
    readonly grams: number,
    readonly timesPacked: number
  ) {}

  @Projects(Parcel, 'id')
  public static fromParcel({ id, grams, timesPacked }: Parcel): ProjectionResult<ParcelReadModel> {
    return new ParcelReadModel(id, grams, timesPacked)
  }
}
