import { existsSync } from 'node:fs'
import { startServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { createPosts, readPosts } from '../examples/blog/demo/posts'
import type { Post } from '../examples/blog/demo/posts'
import { pythonService } from '../examples/support/languages/python'
import { HeterogeneousSystem } from './support/heterogeneous-system'
import type { Reactions } from './support/heterogeneous-system'
import { isRunning } from './support/is-running'
import { orSkip } from './support/or-skip'
import { startDemo } from './support/start-demo'

const POSTS = 5
const MORE_POSTS = 60
const AT_ONCE = 8

describe('examples/heterogeneous', function () {
  this.timeout(600_000)

  describe('with services in Kotlin and in Python, over Kafka and a schema registry', () => {
    let system: HeterogeneousSystem
    const posts: Post[] = readPosts(POSTS)

    before(async function () {
      await orSkip(this, async () => (system = await HeterogeneousSystem.start('kafka')))
    })

    after(async () => {
      const { pids, workspace } = system ?? { pids: [] }
      await system?.stop()
      expect(pids.filter(isRunning)).to.deep.equal([])
      if (workspace) expect(existsSync(workspace.folder)).to.equal(false)
    })

    it("shows Booster's events to both", async () => {
      await createPosts(system.url('blog'), posts)

      for (const [name, lines] of [
        ['moderation', system.toldByModeration],
        ['readers', system.toldByReaders],
      ] as const) {
        const received = await system.eventually(`${name} to receive every post`, () => {
          const found = lines.filter(({ received }) => received === 'PostCreated')
          return found.length >= POSTS && found
        })
        expect(received.map(({ subject }) => subject).sort(), name).to.deep.equal(idsOf(posts))
        expect(received.map(({ source }) => source)).to.deep.equal(posts.map(() => 'blog'))
        expect(new Set(received.map(({ id }) => id)).size).to.equal(POSTS)
      }
    })

    it('brings what both produce to typed handlers, each once', async () => {
      const reactions = await reactionsTo(idsOf(posts), hasAll)
      for (const { postId, content } of posts) {
        const words = content.split(/\s+/).filter(Boolean).length
        expect(reactions.get(postId)).to.deep.equal({
          times: { review: 1, view: 1, like: 1 },
          details: {
            review: `${words < 5 ? 'TOO_SHORT' : 'ACCEPTED'} with ${words} words`,
            view: `for ${words / 4} s`,
            like: 'by ada',
          },
        })
      }
    })

    it('shows to Python what Booster streams as bare JSON', async () => {
      const counted = await system.eventually('the readers to receive every reaction', () => {
        const found = system.toldByReaders.filter(({ received }) => received === 'reactions')
        return found.length >= 3 * POSTS && found
      })
      const kinds = counted.map(({ payload }) => `${payload!.postId} ${payload!.kind}`)
      expect([...new Set(kinds)].sort()).to.deep.equal(
        idsOf(posts).flatMap((postId) => [`${postId} like`, `${postId} review`, `${postId} view`])
      )
      expect(counted.map(({ id }) => id)).to.deep.equal(counted.map(() => undefined))
    })

    it('loses nothing when the readers are killed, and counts once what has an id', async () => {
      const more: Post[] = readPosts(MORE_POSTS)
      const killInTheMiddle = async (): Promise<void> => {
        const before = sentLikes(system).length
        await system.eventually('the first likes', () => sentLikes(system).length > before, { everyMs: 1 })
        await system.killReaders()
        system.startReaders()
      }
      await Promise.all([createPosts(system.url('blog'), more, { atOnce: AT_ONCE }), killInTheMiddle()])

      const reactions = await reactionsTo(idsOf(more), hasAll)
      for (const { postId } of more) expect(reactions.get(postId)!.times).to.include({ review: 1, like: 1 })
    })

    it('counts a like once whose sender has lost its position, and a view, which has no id, again', async () => {
      const [sentBefore, before] = [sentLikes(system).length, await system.reactions()]
      await system.killReaders()
      system.startReaders({ KAFKA_GROUP: 'readers-without-memory' })
      await system.eventually('every like again', () => sentLikes(system).length >= sentBefore + before.size)
      const last: Post[] = readPosts(1)
      await createPosts(system.url('blog'), last)

      await reactionsTo(idsOf(last), hasAll)
      const isViewedAgain = ({ times }: Reactions, id: string): boolean => times.view > before.get(id)!.times.view
      const after = await reactionsTo([...before.keys()], isViewedAgain)
      for (const id of before.keys()) expect(after.get(id)!.times).to.include({ review: 1, like: 1 })
    })

    /** The reactions to some posts, when they are as expected for each. */
    async function reactionsTo(
      ids: readonly string[],
      enough: (reactions: Reactions, id: string) => boolean
    ): Promise<Map<string, Reactions>> {
      let found = new Map<string, Reactions>()
      await system
        .eventually('the reactions to every post', async () => {
          found = await system.reactions()
          return ids.every((id) => found.has(id) && enough(found.get(id)!, id))
        })
        .catch((error: Error) => {
          const now = ids.map((id) => JSON.stringify(found.get(id) ?? id))
          throw new Error(`${error.message} There is:\n${now.join('\n')}`, { cause: error })
        })
      return found
    }
  })

  describe('npm start -- --streamer kafka', () => {
    before(async function () {
      await orSkip(this, async () => {
        await pythonService('kafka')
        await (await startServer('kafka')).stop()
      })
    })

    it('shows that every post was seen exactly once by every service, one in Python among them', async () => {
      const { code, output } = await startDemo('--once', '--streamer', 'kafka')
      expect(code, output).to.equal(0)
      expect(output).to.match(/blog → main\/posts → newsletter +20 +20 +0 +0 /)
      expect(output).to.match(/blog → main\/posts → readers +20 +20 +0 +0 /)
      expect(output).to.match(/readers → main\/likes → reactions +20 +20 +0 +0 /)
    })
  })
})

const hasAll = ({ times: { review, view, like } }: Reactions): boolean => Math.min(review, view, like) > 0

/** What the readers, before and after a restart, have said that they sent. */
function sentLikes(system: HeterogeneousSystem): unknown[] {
  return system.toldByReaders.filter(({ sent }) => sent === 'PostLiked')
}

function idsOf(posts: readonly Post[]): string[] {
  return posts.map(({ postId }) => postId).sort()
}
