import type { ChannelModel, ConsumeMessage } from 'amqplib'
import { StreamerError } from '@boostercloud/streamer-connector'
import { FieldTable, readContentHeader } from '../wire'

/** What amqplib 2.3 has of a connection, and does not tell of. */
interface Frames {
  /** Received and not yet read. */
  rest: Buffer
  readonly maxFrameSize: number
  /** The next frame, or false where none is there as a whole. */
  recvFrame(): unknown
}

/** AMQP 0-9-1 §4.2.3: type, channel, size, the payload, and an octet that ends it. */
const HEADER_FRAME = 2
const FRAME_HEADER_BYTES = 7
const FRAME_END = 0xce

/**
 * Has the headers of messages that come on a connection read here instead of by amqplib: that one's reader of field tables is recursive, so that a
 * nested header ends the connection again and again, and it rounds int64 and loses the sign of decimals. Other connections of the process stay as
 * they are.
 *
 * Throws `STREAMER_UNAVAILABLE` where amqplib is another than this was written for.
 */
export function readHeadersHere(model: ChannelModel): void {
  const frames = model.connection as unknown as Frames
  if (typeof frames.recvFrame !== 'function' || !Buffer.isBuffer(frames.rest)) throw otherAmqplib()
  const readByAmqplib = frames.recvFrame.bind(frames)
  // amqplib calls it by the connection, also for what follows when more has come.
  frames.recvFrame = () => takeContentHeader(frames) ?? readByAmqplib()
}

/** Throws `STREAMER_UNAVAILABLE` for a message whose headers were read by amqplib. */
export function assertReadHere({ properties }: ConsumeMessage): void {
  if (!((properties.headers as unknown) instanceof FieldTable)) throw otherAmqplib()
}

/** Takes the next frame, where it is there as a whole and is a content header. What is not well-formed is left to amqplib. */
function takeContentHeader(frames: Frames): unknown {
  const { rest, maxFrameSize } = frames
  if (rest.length <= FRAME_HEADER_BYTES || rest[0] !== HEADER_FRAME) return undefined
  const size = rest.readUInt32BE(3)
  const end = FRAME_HEADER_BYTES + size
  if ((maxFrameSize > 0 && size > maxFrameSize) || rest.length <= end || rest[end] !== FRAME_END) return undefined
  const header = readContentHeader(rest.subarray(FRAME_HEADER_BYTES, end))
  if (header === undefined) return undefined
  frames.rest = rest.subarray(end + 1)
  return { ...header, channel: rest.readUInt16BE(1) }
}

function otherAmqplib(): StreamerError {
  return new StreamerError(
    'STREAMER_UNAVAILABLE',
    'This version of amqplib does not let the RabbitMQ streamer read the headers of messages.',
    { at: 'amqplib', hint: 'Install amqplib 2.3, as the package.json of @boostercloud/rabbitmq-streamer has it.' }
  )
}
