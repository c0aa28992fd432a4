import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { isPartialPublishError } from '@boostercloud/streamer-connector'
import type { Refusal } from '../support/aws-proxy'
import { useMoto } from '../support/moto'
import { motoOptions } from '../support/moto-options'
import { notes, numbers, pollUntil } from '../support/note'
import { rejection } from '../../../streamer-connector/test/support/rejection'

const range = (from: number, to: number): number[] => notes(from, to).map(({ n }) => n)
const THROTTLED: Refusal = { ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }
const INTERNAL: Refusal = { ErrorCode: 'InternalFailure', ErrorMessage: 'An internal failure occurred.' }
const MALFORMED: Refusal = { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }

const numberOf = (detail: string): number => (JSON.parse(detail) as { data: { n: number } }).data.n

describeWithServer('moto', (server) => {
  const moto = useMoto(server)

  describe('publish', () => {
    it('sends ten entries at once', async () => {
      const topic = moto.name()
      const streamer = moto.streamer()
      await streamer.provision([topic])
      await streamer.publish(notes(0, 25), topic)
      expect([...moto.proxy.putEvents].sort((a, b) => b - a)).to.deep.equal([10, 10, 5])
      expect(numbers(await pollUntil(streamer, topic, 25))).to.deep.equal(range(0, 25))
    })

    it('sends as many at once as fit', async () => {
      const streamer = moto.streamer({ maxEventBytes: 1000 })
      const text = 'x'.repeat(300)
      await streamer.publish(
        notes(0, 4).map((note) => Object.assign(note, { text })),
        moto.name()
      )
      expect(moto.proxy.putEvents).to.deep.equal([1, 1, 1, 1])
      moto.proxy.putEvents.length = 0
      await moto.streamer({ maxEventBytes: 1300 }).publish(
        notes(0, 4).map((note) => Object.assign(note, { text })),
        moto.name()
      )
      expect(moto.proxy.putEvents).to.deep.equal([2, 2])
    })

    it('sends again what was throttled, and nothing else', async () => {
      const topic = moto.name()
      const streamer = moto.streamer()
      await streamer.provision([topic])
      const seen = new Map<number, number>()
      moto.proxy.refuse = ({ Detail }) => {
        const n = numberOf(Detail)
        seen.set(n, (seen.get(n) ?? 0) + 1)
        if (n === 3 && seen.get(n) === 1) return THROTTLED
        return n === 7 && (seen.get(n) ?? 0) < 3 ? INTERNAL : undefined
      }
      await streamer.publish(notes(0, 10), topic)
      expect(moto.proxy.putEvents).to.deep.equal([10, 2, 1])
      expect(numbers(await pollUntil(streamer, topic, 10))).to.deep.equal(range(0, 10))
      expect((await streamer.health()).healthy).to.equal(true)
    })

    it('names what was refused for good, and what was throttled for too long', async () => {
      const streamer = moto.streamer({ publishTimeoutMs: 400 })
      moto.proxy.refuse = ({ Detail }) => {
        const n = numberOf(Detail)
        if (n === 12) return MALFORMED
        return n === 4 ? THROTTLED : undefined
      }
      const thrown: unknown = await streamer.publish(notes(0, 15), moto.name()).catch((error: unknown) => error)
      if (!isPartialPublishError(thrown)) throw new Error(`not partial: ${String(thrown)}`)
      expect(thrown.failed.map(({ index, error }) => [index, error.code, error.retryable])).to.deep.equal([
        [4, 'STREAMER_UNAVAILABLE', true],
        [12, 'EVENT_NOT_ENCODABLE', false],
      ])
    })

    it('waits where the whole request is throttled', async () => {
      let left = 5
      const body = { __type: 'ThrottlingException', message: 'Rate exceeded' }
      moto.proxy.answer = (operation) => (operation === 'PutEvents' && left-- > 0 ? { status: 400, body } : undefined)
      await moto.streamer().publish(notes(0, 3), moto.name())
      expect([left, moto.proxy.putEvents]).to.deep.equal([-1, [3]])
    })

    it('rejects where rights are missing, but needs none to look at the bus', async () => {
      const topic = moto.name()
      await moto.streamer().provision([topic])
      const body = { __type: 'AccessDeniedException', message: 'User is not authorized to perform that.' }
      moto.proxy.answer = (operation) => (operation === 'DescribeEventBus' ? { status: 400, body } : undefined)
      await moto.streamer().publish(notes(0, 1), topic)
      moto.proxy.answer = (operation) => (operation === 'PutEvents' ? { status: 400, body } : undefined)
      const { hint, at } = await rejection(moto.streamer().publish(notes(0, 1), topic), 'STREAMER_FORBIDDEN')
      expect([hint, at]).to.deep.equal([
        'Check the credentials, the region, and what they may do there (README, "Rights").',
        'event bus streamers',
      ])
    })

    it('says so where a region takes less', async () => {
      const message = 'Total size of the entries in your request is over the limit.'
      const body = { __type: 'ValidationException', message }
      moto.proxy.answer = (operation) => (operation === 'PutEvents' ? { status: 400, body } : undefined)
      const { hint } = await rejection(moto.streamer().publish(notes(0, 1), moto.name()), 'EVENT_TOO_LARGE')
      expect(hint).to.include('maxEventBytes')
    })

    it('makes the bus where it is missing, as nothing else tells of it', async () => {
      const bus = moto.name('bus')
      await moto.streamer({ eventBus: bus }).publish(notes(0, 1), 'posts')
      const withoutIt = moto.streamer({ eventBus: moto.name('bus'), declare: false })
      const { message } = await rejection(withoutIt.publish(notes(0, 1), 'posts'), 'STREAMER_UNAVAILABLE')
      expect(message).to.include('ResourceNotFound')
    })

    it('takes nothing that is too large, or of a topic that is not ours', async () => {
      const large = Object.assign(notes(0, 1)[0], { text: 'x'.repeat(1000) })
      const streamer = moto.streamer({ maxEventBytes: 1000 })
      const { hint } = await rejection(streamer.publish([...notes(1, 2), large], 'posts'), 'EVENT_TOO_LARGE')
      expect(hint).to.match(/^Publish a reference/)
      await rejection(streamer.publish(notes(0, 1), 'aws.s3'), 'OPTION_INVALID')
      await rejection(streamer.publish(notes(0, 1)), 'TOPIC_MISSING')
      expect(moto.proxy.putEvents).to.deep.equal([])
    })

    it('ends soon where nobody answers', async () => {
      const gone = moto.streamer(motoOptions('http://127.0.0.1:1'))
      const { retryable } = await rejection(gone.publish(notes(0, 1), 'posts'), 'STREAMER_UNAVAILABLE')
      expect(retryable).to.equal(true)
      expect((await gone.health()).healthy).to.equal(false)
    })
  })
})
