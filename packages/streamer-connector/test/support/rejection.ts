import { expect } from 'chai'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { StreamerErrorCode } from '@boostercloud/streamer-connector'

/** What a promise rejects with, which must be ours and of that code. */
export async function rejection(promise: Promise<unknown>, code: StreamerErrorCode): Promise<StreamerError> {
  const thrown = await promise.then(
    () => undefined,
    (reason: unknown) => reason
  )
  expect(thrown, String(thrown)).to.be.instanceOf(StreamerError)
  expect((thrown as StreamerError).code, (thrown as StreamerError).message).to.equal(code)
  return thrown as StreamerError
}
