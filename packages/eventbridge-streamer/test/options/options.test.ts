import { expect } from 'chai'
import { StreamerError, isReplayable, json } from '@boostercloud/streamer-connector'
import { EventBridgeStreamer } from '../../src'
import type { EventBridgeStreamerOptions } from '../../src'
import { settingsFrom } from '../../src/options/settings'

function refusal(options: unknown): StreamerError {
  try {
    settingsFrom(options as EventBridgeStreamerOptions)
  } catch (thrown) {
    expect(thrown).to.be.instanceOf(StreamerError)
    return thrown as StreamerError
  }
  throw new Error('It was not refused.')
}

describe('the options', () => {
  it('have defaults for all', () => {
    expect(settingsFrom()).to.include({ eventBus: 'default', declare: true, maxEventBytes: 1_000_000 })
    const { capabilities } = EventBridgeStreamer.with()
    expect(capabilities).to.include({
      position: 'broker',
      ordering: 'none',
      replay: false,
      durable: true,
      delivery: 'both',
    })
  })

  it('are taken as given, and stay as they are', () => {
    const options = Object.freeze({ eventBus: 'shop', codec: json, region: undefined, archive: {} })
    expect(settingsFrom(options)).to.include({ eventBus: 'shop', codec: json }).and.not.have.property('region')
    const streamer = EventBridgeStreamer.with({ ...options, defaultTopic: 'posts' })
    expect(streamer.capabilities).to.include({ replay: true, topicRequired: false, defaultTopic: 'posts' })
  })

  it('say whether old events can be read again', () => {
    expect(isReplayable(EventBridgeStreamer.with())).to.equal(false)
    expect(isReplayable(EventBridgeStreamer.with({ archive: { retentionDays: 30 } }))).to.equal(true)
  })

  const wrong: readonly (readonly [string, unknown])[] = [
    ['region', 'Dublin!'],
    ['eventBus', ''],
    ['endpoint', 'localhost:5000'],
    ['endpoint', 'http://user:sesame@localhost'],
    ['credentials', { accessKeyId: 'AKIA' }],
    ['queue', 'x'.repeat(41)],
    ['queue', 'blog.production'],
    ['topics', { posts: 'posts' }],
    ['declare', 'yes'],
    ['archive', 30],
    ['defaultTopic', ''],
    ['codec', {}],
    ['source', ''],
    ['maxEventBytes', 1_048_577],
    ['maxInFlight', 0],
    ['publishTimeoutMs', 0.5],
    ['requestTimeoutMs', 0],
    ['visibilitySeconds', 43_201],
    ['retentionSeconds', 59],
    ['prefetch', 0],
    ['pollWaitMs', -1],
    ['pollBatch', 0],
    ['stallMs', 0],
  ]
  for (const [name, value] of wrong) {
    it(`refuse ${name} ${JSON.stringify(value).slice(0, 40)}`, () => {
      const { code, at, hint, message } = refusal({ [name]: value })
      expect([code, at]).to.deep.equal(['OPTION_INVALID', name])
      expect(hint).to.match(/^Give it /)
      expect(message).not.to.include('sesame')
    })
  }

  it('refuse what they do not know, of topics too', () => {
    expect(refusal({ bus: 'a' }).message)
      .to.include("option 'bus' is unknown")
      .and.to.include('eventBus')
    expect(refusal({ archive: { retentionDays: 0 } }).at).to.equal('archive.retentionDays')
    expect(refusal({ archive: { days: 1 } }).at).to.equal('archive.days')
    expect(refusal({ topics: { posts: { key: 'a' } } }).at).to.equal('topics.posts.key')
    expect(refusal({ topics: { posts: { pattern: {} } } }).at).to.equal('topics.posts.pattern')
    expect(refusal({ topics: { posts: { types: { a: 1 } } } }).at).to.equal('topics.posts.types')
    expect(refusal(null).code).to.equal('OPTION_INVALID')
  })
})
