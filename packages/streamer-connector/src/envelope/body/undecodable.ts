import { StreamerError } from '../../contract'

/** The error of a body that cannot be read: what is wrong with it, without a point, and what its producer can do. */
export function undecodable(what: string, hint: string): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `${what}.`, { hint })
}
