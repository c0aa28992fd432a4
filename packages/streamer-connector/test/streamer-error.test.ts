import * as copy from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { PartialPublishError, StreamerError, isPartialPublishError, isStreamerError } from '../src'

describe('StreamerError', () => {
  it('says its code, what is wrong, where, and how to fix it', () => {
    const cause = new Error('beneath')
    const error = new StreamerError('STREAMER_UNKNOWN', "There is no streamer 'mian'.", {
      at: 'PostCreated',
      hint: "Write 'main'.",
      cause,
    })
    expect(error.message).to.equal("[STREAMER_UNKNOWN] There is no streamer 'mian'. At: PostCreated. Write 'main'.")
    expect(error).to.include({
      code: 'STREAMER_UNKNOWN',
      at: 'PostCreated',
      hint: "Write 'main'.",
      retryable: false,
      cause,
    })
    expect(error.name).to.equal('StreamerError')
    expect(error).to.be.instanceOf(Error)
  })

  it('leaves out what is not known', () => {
    const error = new StreamerError('CLOSED', 'It is closed.')
    expect(error.message).to.equal('[CLOSED] It is closed.')
    expect([error.at, error.hint, error.cause]).to.deep.equal([undefined, undefined, undefined])
  })
})

describe('PartialPublishError', () => {
  const away = new StreamerError('STREAMER_UNAVAILABLE', 'The broker is away.', { retryable: true })
  const large = new StreamerError('EVENT_TOO_LARGE', 'The event is too large.')

  it('says how many failed and why the first one did', () => {
    const error = new PartialPublishError([{ index: 2, error: away }], 3, 'main/posts')
    expect(error.code).to.equal('PUBLISH_PARTIAL')
    expect(error.message).to.contain('1 of 3 events').and.to.contain('The broker is away.').and.to.contain('main/posts')
    expect(error.cause).to.equal(away)
  })

  it('may be tried again only if all that failed may', () => {
    const retryable = (...errors: StreamerError[]) =>
      new PartialPublishError(
        errors.map((error, index) => ({ index, error })),
        5
      ).retryable
    expect(retryable(away, away)).to.equal(true)
    expect(retryable(away, large)).to.equal(false)
  })
})

describe('the guards of errors', () => {
  const ours = new StreamerError('CLOSED', 'It is closed.')
  const partial = new PartialPublishError([{ index: 0, error: ours }], 1)

  it('tell ours from others', () => {
    expect(isStreamerError(ours)).to.equal(true)
    expect(isStreamerError(partial)).to.equal(true)
    for (const other of [
      new Error('CLOSED'),
      Object.assign(new Error(), { code: 'CLOSED' }),
      { ...ours },
      'CLOSED',
      undefined,
      null,
    ]) {
      expect(isStreamerError(other), String(other)).to.equal(false)
    }
  })

  it('tell codes apart', () => {
    expect(isStreamerError(ours, 'CLOSED')).to.equal(true)
    expect(isStreamerError(ours, 'OPTION_INVALID')).to.equal(false)
    expect(isPartialPublishError(partial)).to.equal(true)
    expect(isPartialPublishError(ours)).to.equal(false)
  })

  it('hold across copies of the package', () => {
    expect(copy.StreamerError).to.not.equal(StreamerError)
    const theirs = new copy.StreamerError('CLOSED', 'It is closed.')
    const theirPartial = new copy.PartialPublishError([{ index: 0, error: theirs }], 1)
    expect(isStreamerError(theirs, 'CLOSED')).to.equal(true)
    expect(isPartialPublishError(theirPartial)).to.equal(true)
    expect(copy.isStreamerError(ours, 'CLOSED')).to.equal(true)
    expect(copy.isPartialPublishError(partial)).to.equal(true)
  })
})
