import { expect } from 'chai'
import { StreamerError, json } from '@boostercloud/streamer-connector'
import { RabbitMQStreamer } from '../../src'
import type { RabbitMQStreamerOptions } from '../../src'
import { settingsFrom } from '../../src/options/settings'

const url = 'amqp://user:secret@localhost:5672/vhost'

function refusal(options: unknown): StreamerError {
  try {
    settingsFrom(options as RabbitMQStreamerOptions)
  } catch (thrown) {
    expect(thrown).to.be.instanceOf(StreamerError)
    return thrown as StreamerError
  }
  throw new Error('It was not refused.')
}

describe('the options', () => {
  it('have defaults for all but the server', () => {
    const settings = settingsFrom({ url })
    expect(settings.urls).to.deep.equal([url])
    expect(settings).to.include({ exchange: 'streamers', ordering: 'key', declare: true, unroutable: 'ignore' })
    expect(RabbitMQStreamer.with({ url }).capabilities).to.include({
      position: 'broker',
      ordering: 'key',
      delivery: 'both',
    })
  })

  it('are taken as given, and stay as they are', () => {
    const options = Object.freeze({ urls: Object.freeze([url]), prefetch: 7, codec: json, defaultTopic: undefined })
    const settings = settingsFrom(options)
    expect(settings).to.include({ prefetch: 7, codec: json }).and.to.deep.include({ urls: options.urls })
    expect(RabbitMQStreamer.with({ ...options, defaultTopic: 'posts' }).capabilities).to.include({
      topicRequired: false,
    })
  })

  it('name the server once', () => {
    for (const options of [{}, { url, urls: [url] }, undefined]) {
      const { code, at } = refusal(options)
      expect([code, at]).to.deep.equal(['OPTION_INVALID', 'url'])
    }
  })

  const wrong: readonly (readonly [string, unknown])[] = [
    ['exchange', ''],
    ['exchange', 'x'.repeat(256)],
    ['queue', 'ü'.repeat(101)],
    ['topics', { posts: 'posts' }],
    ['declare', 'no'],
    ['queueArguments', { 'x-max-length': [] }],
    ['queueArguments', { 'x-queue-type': 'stream' }],
    ['ordering', 'topic'],
    ['unroutable', true],
    ['codec', {}],
    ['tls', { cert: 'x', secure: true }],
    ['auth', 'none'],
    ['credentials', { username: 'u', password: 'p' }],
    ['heartbeatSeconds', 0.5],
    ['prefetch', 0],
    ['prefetch', 65_536],
    ['pollWaitMs', -1],
    ['stallMs', 0],
    ['maxEventBytes', 128 * 1_048_576 + 1],
  ]
  for (const [name, value] of wrong) {
    it(`refuse ${name} ${JSON.stringify(value).slice(0, 40)}`, () => {
      const { code, at, hint } = refusal({ url, [name]: value })
      expect([code, at]).to.deep.equal(['OPTION_INVALID', name])
      expect(hint).to.match(/^Give it /)
    })
  }

  it('refuse a function for the password of a client that is known by its certificate', () => {
    const { code, at } = refusal({ url, auth: 'certificate', credentials: () => ({ username: 'u', password: 'p' }) })
    expect([code, at]).to.deep.equal(['OPTION_INVALID', 'credentials'])
  })

  it('refuse what they do not know, of topics too', () => {
    expect(refusal(null).code).to.equal('OPTION_INVALID')
    expect(refusal({ url, prefech: 1 }).message)
      .to.include("option 'prefech' is unknown")
      .and.to.include('prefetch')
    expect(refusal({ url, topics: { posts: { key: 'a' } } }).at).to.equal('topics.posts.key')
    expect(refusal({ url, topics: { posts: { bindings: [] } } }).at).to.equal('topics.posts.bindings')
  })

  it('never show a secret', () => {
    for (const options of [
      { url: 'http://user:secret@localhost' },
      { urls: ['amqp://user:secret@'] },
      { urls: 'amqp://user:secret@host' },
      { url, tls: { passphrase: 'secret', other: 1 } },
      { url, credentials: { username: 'u', password: 'secret' } },
    ]) {
      const { message, cause } = refusal(options)
      expect(message).not.to.include('secret')
      expect(cause).to.equal(undefined)
    }
  })
})
