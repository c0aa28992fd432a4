import { StreamerError } from '@boostercloud/streamer-connector'

/** Magic byte and schema id, big-endian: https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format */
const HEAD = 5

/** A body in Confluent's wire format. */
export function withSchemaId(id: number, data: Uint8Array): Buffer {
  const body = Buffer.allocUnsafe(HEAD + data.length)
  body.writeUInt8(0, 0)
  body.writeUInt32BE(id, 1)
  body.set(data, HEAD)
  return body
}

/** The schema's id and the data behind it. `written`: what a body holds, in words. Throws `EVENT_UNDECODABLE` for a body of another format. */
export function splitBody(body: Uint8Array, written = 'Avro'): { id: number; data: Uint8Array } {
  if (body.length < HEAD || body[0] !== 0) {
    throw new StreamerError('EVENT_UNDECODABLE', "The body is not in Confluent's wire format.", {
      hint: `Let the producer write ${written} with the registry, or choose the codec that it writes with.`,
    })
  }
  const id = new DataView(body.buffer, body.byteOffset, HEAD).getUint32(1)
  return { id, data: body.subarray(HEAD) }
}
