import { connect } from 'node:net'

const LIMIT_MS = 2_000
/** https://kafka.apache.org/protocol#protocol_api_keys */
const FIND_COORDINATOR = 10
const DESCRIBE_GROUPS = 15
const GROUP = 'a-group-that-nobody-has'

/**
 * Whether a Kafka node serves groups: its port is open a second before it has read where they stand. Asks for the coordinator of a group
 * (https://kafka.apache.org/protocol#The_Messages_FindCoordinator, version 1), and then it of the group (DescribeGroups, version 0).
 */
export async function kafkaAnswers(port: number): Promise<boolean> {
  try {
    const found = await ask(port, FIND_COORDINATOR, 1, Buffer.concat([text(GROUP), Buffer.from([0])]))
    if (found.readInt16BE(4) !== 0) return false
    const one = Buffer.from([0, 0, 0, 1])
    const described = await ask(port, DESCRIBE_GROUPS, 0, Buffer.concat([one, text(GROUP)]))
    return described.readInt16BE(4) === 0
  } catch {
    return false
  }
}

/** One request with header version 1, one response without its length and correlation id. */
async function ask(port: number, api: number, version: number, body: Buffer): Promise<Buffer> {
  const head = Buffer.alloc(8)
  head.writeInt16BE(api, 0)
  head.writeInt16BE(version, 2)
  const request = Buffer.concat([head, text('ready?'), body])
  const length = Buffer.alloc(4)
  length.writeInt32BE(request.length)
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: LIMIT_MS })
    let received: Buffer = Buffer.alloc(0)
    const end = (error: Error): void => {
      socket.destroy()
      reject(error)
    }
    socket.once('connect', () => socket.write(Buffer.concat([length, request])))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return
      socket.destroy()
      resolve(received.subarray(8))
    })
    socket.once('close', () => end(new Error('The connection was closed.')))
    socket.once('timeout', () => end(new Error('There was no answer in time.')))
    socket.on('error', end)
  })
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeInt16BE(Buffer.byteLength(value))
  return Buffer.concat([length, Buffer.from(value)])
}
