import { existsSync } from 'node:fs'
import { startServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { createPosts, readPosts } from '../examples/blog/demo/posts'
import type { Post } from '../examples/blog/demo/posts'
import { pythonService } from '../examples/support/languages/python'
import { HeterogeneousSystem } from './support/heterogeneous-system'
import type { Line, Reactions } from './support/heterogeneous-system'
import { isRunning } from './support/is-running'
import { orSkip } from './support/or-skip'
import { startDemo } from './support/start-demo'

const POSTS = 5
const MORE_POSTS = 60
const AT_ONCE = 8

/** The brokers besides Kafka, and as what a reaction comes to the readers: by its topic as bare JSON, or by its type as a CloudEvent. */
const BROKERS = [
  { broker: 'rabbitmq', reaction: 'reactions', hasId: false },
  { broker: 'nats', reaction: 'ReactionCounted', hasId: true },
] as const

describe('examples/heterogeneous over other brokers', function () {
  this.timeout(600_000)

  for (const { broker, reaction, hasId } of BROKERS) {
    describe(`with a service in Python, over ${broker}`, () => {
      let system: HeterogeneousSystem
      const posts: Post[] = readPosts(POSTS)

      before(async function () {
        await orSkip(this, async () => (system = await HeterogeneousSystem.start(broker)))
      })

      after(async () => {
        const { pids, workspace } = system ?? { pids: [] }
        await system?.stop()
        expect(pids.filter(isRunning)).to.deep.equal([])
        if (workspace) expect(existsSync(workspace.folder)).to.equal(false)
      })

      it("shows Booster's events to the readers", async () => {
        await createPosts(system.url('blog'), posts)

        const received = await system.eventually('the readers to receive every post', () => {
          const found = receivedAs('PostCreated')
          return found.length >= POSTS && found
        })
        expect(received.map(({ subject }) => subject).sort()).to.deep.equal(idsOf(posts))
        expect(received.map(({ source }) => source)).to.deep.equal(posts.map(() => 'blog'))
        expect(new Set(received.map(({ id }) => id)).size).to.equal(POSTS)
        expect(received.map(({ payload }) => payload!.postId).sort()).to.deep.equal(idsOf(posts))
      })

      it('brings what the readers produce, bare JSON and CloudEvents, to typed handlers, each once', async () => {
        const reactions = await reactionsTo(idsOf(posts))
        for (const { postId, content } of posts) {
          const words = content.split(/\s+/).filter(Boolean).length
          expect(reactions.get(postId)).to.deep.equal({
            times: { view: 1, like: 1 },
            details: { view: `for ${words / 4} s`, like: 'by ada' },
          })
        }
      })

      it('shows the readers what follows from it', async () => {
        const counted = await system.eventually('the readers to receive every reaction', () => {
          const found = receivedAs(reaction)
          return found.length >= 2 * POSTS && found
        })
        const kinds = counted.map(({ payload }) => `${payload!.postId} ${payload!.kind}`)
        expect(kinds.sort()).to.deep.equal(idsOf(posts).flatMap((postId) => [`${postId} like`, `${postId} view`]))
        expect(counted.map(({ id }) => id !== undefined)).to.deep.equal(counted.map(() => hasId))
      })

      it('loses nothing when the readers are killed, and counts once what has an id', async () => {
        const more: Post[] = readPosts(MORE_POSTS)
        const killInTheMiddle = async (): Promise<void> => {
          const before = sentLikes().length
          await system.eventually('the first likes', () => sentLikes().length > before, { everyMs: 1 })
          await system.killReaders()
          system.startReaders()
        }
        await Promise.all([createPosts(system.url('blog'), more, { atOnce: AT_ONCE }), killInTheMiddle()])

        const reactions = await reactionsTo(idsOf(more))
        for (const { postId } of more) expect(reactions.get(postId)!.times.like).to.equal(1)
      })

      it('ends the readers in order when they are told to', async () => {
        expect(await system.stopReaders()).to.equal('exit code 0')
      })

      /** What the readers, before and after a restart, have said that they were given under a name, or that they sent. */
      const receivedAs = (name: string): Line[] => system.toldByReaders.filter(({ received }) => received === name)
      const sentLikes = (): Line[] => system.toldByReaders.filter(({ sent }) => sent === 'PostLiked')

      /** The reactions to some posts, when each has been viewed and liked. */
      async function reactionsTo(ids: readonly string[]): Promise<Map<string, Reactions>> {
        return system.eventually('the reactions to every post', async () => {
          const found = await system.reactions()
          return ids.every((id) => hasBoth(found.get(id))) && found
        })
      }
    })

    describe(`npm start -- --streamer ${broker}`, () => {
      before(async function () {
        await orSkip(this, async () => {
          await pythonService(broker)
          await (await startServer(broker)).stop()
        })
      })

      it('shows that every post was seen exactly once by every service, one in Python among them', async () => {
        const { code, output } = await startDemo('--once', '--streamer', broker)
        expect(code, output).to.equal(0)
        expect(output).to.match(/blog → main\/posts → newsletter +20 +20 +0 +0 /)
        expect(output).to.match(/newsletter → main\/newsletter → audit +20 +20 +0 +0 /)
        expect(output).to.match(/blog → main\/posts → readers +20 +20 +0 +0 /)
        expect(output).to.match(/readers → main\/likes → reactions +20 +20 +0 +0 /)
      })
    })
  }
})

function hasBoth(reactions: Reactions | undefined): boolean {
  return reactions !== undefined && reactions.times.view > 0 && reactions.times.like > 0
}

function idsOf(posts: readonly Post[]): string[] {
  return posts.map(({ postId }) => postId).sort()
}
