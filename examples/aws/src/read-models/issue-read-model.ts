import { Projects, ReadModel } from '@boostercloud/framework-core'
import { ProjectionResult, UUID } from '@boostercloud/framework-types'
import { Issue } from '../entities/issue'

@ReadModel({ authorize: 'all' })
export class IssueReadModel {
  public constructor(
    readonly id: UUID,
    readonly title: string,
    readonly recipients: number,
    readonly timesSent: number
  ) {}

  @Projects(Issue, 'id')
  public static fromIssue(issue: Issue): ProjectionResult<IssueReadModel> {
    return new IssueReadModel(issue.id, issue.title, issue.recipients, issue.timesSent)
  }
}
