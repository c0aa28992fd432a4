import { connect } from 'node:net'

/** The protocol's version 3.0 (https://www.postgresql.org/docs/current/protocol-message-formats.html, StartupMessage). */
const PROTOCOL = 196_608
const AUTHENTICATION = 'R'.charCodeAt(0)
const LIMIT_MS = 2_000

/**
 * Whether a PostgreSQL server lets somebody in: one that still starts, or recovers, answers a start-up message with an error instead of
 * asking who it is.
 */
export async function postgresAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: LIMIT_MS })
    const answer = (ready: boolean): void => {
      socket.destroy()
      resolve(ready)
    }
    socket.once('connect', () => socket.write(startupMessage('postgres')))
    socket.once('data', (bytes) => answer(bytes[0] === AUTHENTICATION))
    socket.once('close', () => answer(false))
    socket.once('timeout', () => answer(false))
    socket.on('error', () => answer(false))
  })
}

function startupMessage(user: string): Buffer {
  const words = Buffer.from(`user\0${user}\0database\0postgres\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(8 + words.length, 0)
  head.writeInt32BE(PROTOCOL, 4)
  return Buffer.concat([head, words])
}
