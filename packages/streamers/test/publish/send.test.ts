import { PartialPublishError, StreamerError } from '@boostercloud/streamer-connector'
import type { StreamerErrorCode } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { unconfirmed } from '../../src/publish/send'

const failed = (code: StreamerErrorCode, retryable: boolean): StreamerError =>
  new StreamerError(code, 'No.', { retryable })

describe('what became of a batch that was published in part', () => {
  it('is refused for good only where the event is at fault', () => {
    const errors = [
      failed('EVENT_TOO_LARGE', false),
      failed('STREAMER_FORBIDDEN', false),
      failed('CLOSED', false),
      failed('STREAMER_UNAVAILABLE', true),
      failed('EVENT_NOT_ENCODABLE', false),
    ]
    const error = new PartialPublishError(
      errors.map((one, index) => ({ index, error: one })),
      6
    )
    const { failed: again = [], refused = [] } = unconfirmed(error, 6) ?? {}
    expect(again.map(({ index }) => index)).to.deep.equal([1, 2, 3])
    expect(refused.map(({ index }) => index)).to.deep.equal([0, 4])
  })
})
