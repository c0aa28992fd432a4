import { PostCreated } from '@blog/contracts'
import { StreamedService } from '@boostercloud/streamer-testkit/service'
import { before, describe, it } from 'mocha'

const here = import.meta.dirname

describe('newsletter', () => {
  let service

  before(async function () {
    this.timeout(30_000)
    service = await StreamedService.load(`${here}/../newsletter`)
  })

  it('sends an issue for a post, and streams that on', async () => {
    await service.given('main/posts', new PostCreated('post-1', 'Hello', 'World', 'Ada'))

    service.thenRegistered('IssueSent', { postId: 'post-1', title: 'Hello' })
    service.thenStreamed('main/newsletter', 'IssueSent', { postId: 'post-1' })
  })

  it('does so for the posts of another day', async () => {
    await service.givenRecorded('main/posts', `${here}/recorded/posts.jsonl`)

    service.thenStreamed('main/newsletter', 'IssueSent', { title: 'A first post' })
    service.thenStreamed('main/newsletter', 'IssueSent', { title: 'A second post' })
  })

  it('does so for generated posts', async () => {
    await service.givenRecorded('main/posts', `${here}/recorded/generated-posts.jsonl`)

    service.thenStreamed('main/newsletter', 'IssueSent', { title: 'erat amet' })
  })
})
