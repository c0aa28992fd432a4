import { Command } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'
import { PostCreated } from '../events/post-created'

@Command({ authorize: 'all' })
export class CreatePost {
  public constructor(
    readonly title: string,
    readonly content: string,
    readonly author: string,
    readonly postId?: UUID
  ) {}

  public static async handle(command: CreatePost, register: Register): Promise<string> {
    const postId = command.postId ?? UUID.generate()
    register.events(new PostCreated(postId, command.title, command.content, command.author))
    return postId.toString()
  }
}
