import { isStreamerError } from '@boostercloud/streamer-connector'

/** What an error is called where nothing raw may be shown: its code, and otherwise only where it comes from. */
export function errorCode(error: unknown, otherwise: 'HANDLER_FAILED' | 'FAILED' = 'HANDLER_FAILED'): string {
  return isStreamerError(error) ? error.code : otherwise
}
