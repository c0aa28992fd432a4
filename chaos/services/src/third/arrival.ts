import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { Arrived } from './arrived'

@Entity
export class Arrival {
  public constructor(
    readonly id: UUID,
    readonly last: string
  ) {}

  @Reduces(Arrived)
  public static onArrived({ key, origin }: Arrived): Arrival {
    return new Arrival(key, origin)
  }
}
