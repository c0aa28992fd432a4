import { Entity, Projects, ReadModel, Reduces } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Arrived } from './arrived'

@Entity
export class Arrival {
  public constructor(
    readonly id: UUID,
    readonly origins: string[]
  ) {}

  @Reduces(Arrived)
  public static onArrived({ key, origin }: Arrived, current?: Arrival): Arrival {
    return new Arrival(key, [...(current?.origins ?? []), origin])
  }
}

@ReadModel({ authorize: 'all' })
export class ArrivalView {
  public constructor(
    readonly id: UUID,
    readonly origins: string[]
  ) {}

  @Projects(Arrival, 'id')
  public static ofArrival({ id, origins }: Arrival): ProjectionResult<ArrivalView> {
    return new ArrivalView(id, origins)
  }
}
