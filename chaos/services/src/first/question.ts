import { Entity, Projects, ReadModel, Reduces } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Asked } from './asked'

@Entity
export class Question {
  public constructor(
    readonly id: UUID,
    readonly origins: string[]
  ) {}

  @Reduces(Asked)
  public static onAsked({ key, origin }: Asked, current?: Question): Question {
    return new Question(key, [...(current?.origins ?? []), origin])
  }
}

@ReadModel({ authorize: 'all' })
export class QuestionView {
  public constructor(
    readonly id: UUID,
    readonly origins: string[]
  ) {}

  @Projects(Question, 'id')
  public static ofQuestion({ id, origins }: Question): ProjectionResult<QuestionView> {
    return new QuestionView(id, origins)
  }
}
