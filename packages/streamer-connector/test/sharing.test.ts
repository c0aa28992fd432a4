import { expect } from 'chai'
import {
  BaseStreamer,
  PublishTally,
  Revocations,
  StreamerError,
  cloudEvents,
  isPartialPublishError,
} from '@boostercloud/streamer-connector'
import type { HealthQuestion, Revoked, StreamerHealth } from '@boostercloud/streamer-connector'
import { rejection } from './support/rejection'

const away = new StreamerError('STREAMER_UNAVAILABLE', 'It is away.', { retryable: true })
const large = new StreamerError('EVENT_TOO_LARGE', 'It is too large.')

describe('what becomes of the events of a publish', () => {
  it('is durable when all are', async () => {
    await new PublishTally(0, 'topic').result()
    const tally = new PublishTally(2, 'topic')
    tally.settle(1)
    expect(tally.isOver).to.equal(false)
    tally.settle(0)
    expect(tally.isOver).to.equal(true)
    await tally.result()
  })

  it('is one error where all failed for one reason', async () => {
    const tally = new PublishTally(3, 'topic')
    tally.settle(2, away)
    tally.fail(away)
    expect(await rejection(tally.result(), 'STREAMER_UNAVAILABLE')).to.equal(away)
  })

  it('names those that failed, each once and in order, where others are durable or failed for another reason', async () => {
    for (const others of [undefined, large]) {
      const tally = new PublishTally(3, 'topic')
      tally.settle(2, away)
      tally.settle(2, large)
      tally.settle(1, others)
      tally.settle(0, away)
      const error = await tally.result().catch((thrown: unknown) => thrown)
      if (!isPartialPublishError(error)) throw new Error('It should be partial.')
      const expected = others ? [away, large, away] : [away, away]
      expect(error.failed.map((failed) => failed.error)).to.deep.equal(expected)
      expect(error.failed.map(({ index }) => index)).to.deep.equal(others ? [0, 1, 2] : [0, 2])
      expect(error.retryable).to.equal(others === undefined)
    }
  })
})

describe('who listens to revocations', () => {
  it('is told until it listens no more, and not of nothing', () => {
    const revocations = new Revocations()
    const told: Revoked[] = []
    const stop = revocations.listen((revoked) => told.push(revoked))
    revocations.tell({ topic: 'posts', eventIds: [] })
    revocations.tell({ topic: 'posts', eventIds: ['1'] })
    stop()
    revocations.tell({ topic: 'posts', eventIds: ['2'] })
    expect(told).to.deep.equal([{ topic: 'posts', eventIds: ['1'] }])
  })
})

class Asked extends BaseStreamer<{ codec: typeof cloudEvents; maxEventBytes: number }> {
  public constructor() {
    const settings = { codec: cloudEvents, maxEventBytes: 1_000 }
    super('Test', settings, { position: 'broker', ordering: 'none', durable: true, replay: false, delivery: 'poll' })
  }

  public health(question: HealthQuestion): Promise<StreamerHealth> {
    return this.healthBy(question)
  }
}

describe('the health of a connector', () => {
  const about = { server: 'here' }

  it('is good where nothing is in use, and says why nothing could be', async () => {
    const streamer = new Asked()
    expect(await streamer.health({ about })).to.deep.equal({
      healthy: true,
      details: { server: 'here', connected: false },
    })
    const details = { server: 'here', open: false, error: 'STREAMER_UNAVAILABLE' }
    expect(await streamer.health({ about, failure: away, shut: { open: false } })).to.deep.equal({
      healthy: false,
      details,
    })
  })

  it('is what looking says, asked once at a time', async () => {
    const streamer = new Asked()
    let asked = 0
    const look = async (): Promise<StreamerHealth> => ({
      healthy: true,
      details: { connected: true, asked: (asked += 1) },
    })
    const both = await Promise.all([streamer.health({ about, look }), streamer.health({ about, look })])
    expect(both.map(({ details }) => details.asked)).to.deep.equal([1, 1])
    expect((await streamer.health({ about, look })).details).to.deep.equal({
      server: 'here',
      connected: true,
      asked: 2,
    })
  })

  it('is bad, and says why, where looking fails, takes too long, or all is closed', async () => {
    const streamer = new Asked()
    const failed = await streamer.health({ about, look: () => Promise.reject(away) })
    expect(failed.details.error).to.equal('STREAMER_UNAVAILABLE')
    const late = await streamer.health({ about, look: () => new Promise(() => undefined), limitMs: 1 })
    expect(late.details.error).to.equal('no answer within 1 ms')
    await streamer.close()
    const closed = await streamer.health({ about, look: () => Promise.reject(away) })
    expect(closed.details).to.deep.equal({ server: 'here', connected: false, closed: true })
    expect([failed.healthy, late.healthy, closed.healthy]).to.deep.equal([false, false, false])
  })
})
