import { Entity, Projects, ReadModel, Reduces } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Passed } from './passed'

@Entity
export class Relay {
  public constructor(
    readonly id: UUID,
    readonly origins: string[]
  ) {}

  @Reduces(Passed)
  public static onPassed({ key, origin }: Passed, current?: Relay): Relay {
    return new Relay(key, [...(current?.origins ?? []), origin])
  }
}

@ReadModel({ authorize: 'all' })
export class RelayView {
  public constructor(
    readonly id: UUID,
    readonly origins: string[]
  ) {}

  @Projects(Relay, 'id')
  public static ofRelay({ id, origins }: Relay): ProjectionResult<RelayView> {
    return new RelayView(id, origins)
  }
}
