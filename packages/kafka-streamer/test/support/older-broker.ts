import type { Socket } from 'node:net'

/** The highest version that a broker knows of a request, by the request's number. */
export type OlderBroker = Readonly<Record<number, number>>

/** Tells each request or answer that comes, with its length before it. */
export function frames(socket: Socket, onFrame: (frame: Buffer) => void): void {
  let received: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
      const frame = received.subarray(0, 4 + received.readInt32BE(0))
      received = received.subarray(frame.length)
      onFrame(frame)
    }
  })
}

/** An answer to ApiVersions, versions 0 to 2, with lower versions in it: length, correlation, error, and for each request number, lowest, highest. */
export function asOlder(answer: Buffer, older: OlderBroker): Buffer {
  const [COUNT_AT, FIRST_AT, EACH] = [10, 14, 6]
  const lowered = Buffer.from(answer)
  for (let n = 0; n < answer.readInt32BE(COUNT_AT); n += 1) {
    const at = FIRST_AT + n * EACH
    const most = older[answer.readInt16BE(at)] ?? Infinity
    if (answer.readInt16BE(at + 4) > most) lowered.writeInt16BE(most, at + 4)
  }
  return lowered
}
