import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { Passed } from './passed'

@Entity
export class Relay {
  public constructor(
    readonly id: UUID,
    readonly last: string
  ) {}

  @Reduces(Passed)
  public static onPassed({ key, origin }: Passed): Relay {
    return new Relay(key, origin)
  }
}
