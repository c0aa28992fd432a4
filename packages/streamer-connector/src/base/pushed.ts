import { StreamerError } from '../contract'

/**
 * JSON of whatever a function was handed in the place of a record. Empty for what is nested deeper than the stack is high.
 * @experimental
 */
export function asItCame(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}

/**
 * Bytes of Base64 (RFC 4648 §4). Undefined for what is none.
 * @experimental
 */
export function bytesOfBase64(value: unknown): Buffer | undefined {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return undefined
  return Buffer.from(value, 'base64')
}

/**
 * `EVENT_UNDECODABLE` for what `transformEvents` was given and cannot read. `why`: without a stop; `one`: what one of a batch is called.
 * @experimental
 */
export function notHandedOver(broker: string, why: string, one = 'record'): StreamerError {
  return new StreamerError('EVENT_UNDECODABLE', `This is not what Lambda passes to a function for ${broker}: ${why}.`, {
    at: 'transformEvents',
    hint: `Pass on what the function was given, or single ${one}s of it.`,
  })
}
