import { expect } from 'chai'
import { isStreamerError } from '../../src'
import type { StreamerError, StreamerErrorCode } from '../../src'

/** What a call throws; fails when it throws nothing, or nothing of that code. */
export function thrownBy(call: () => unknown, code: StreamerErrorCode): StreamerError {
  let thrown: unknown
  try {
    call()
  } catch (error) {
    thrown = error
  }
  return ofCode(thrown, code)
}

/** What a promise rejects with; fails when it resolves, or rejects with nothing of that code. */
export async function rejectedBy(promise: Promise<unknown>, code: StreamerErrorCode): Promise<StreamerError> {
  return ofCode(
    await promise.then(
      () => undefined,
      (error: unknown) => error
    ),
    code
  )
}

function ofCode(thrown: unknown, code: StreamerErrorCode): StreamerError {
  if (!isStreamerError(thrown, code)) expect.fail(`expected an error with the code ${code}, not ${String(thrown)}`)
  return thrown
}
