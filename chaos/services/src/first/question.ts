import { Entity, Reduces } from '@boostercloud/framework-core'
import { UUID } from '@boostercloud/framework-types'
import { Asked } from './asked'

@Entity
export class Question {
  public constructor(
    readonly id: UUID,
    readonly last: string
  ) {}

  @Reduces(Asked)
  public static onAsked({ key, origin }: Asked): Question {
    return new Question(key, origin)
  }
}
