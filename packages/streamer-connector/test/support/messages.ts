import type { WireMessage } from '../../src'

/** A message as a broker hands it over. */
export function message(body: string | Uint8Array, parts: Partial<Omit<WireMessage, 'body'>> = {}): WireMessage {
  return { attributes: {}, headers: {}, ...parts, body: typeof body === 'string' ? Buffer.from(body) : body }
}

/** A message with a structured CloudEvent. */
export function structured(envelope: object): WireMessage {
  return message(JSON.stringify(envelope), { contentType: 'application/cloudevents+json' })
}
