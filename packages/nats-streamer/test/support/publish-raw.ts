import { createConnection } from 'node:net'
import type { RawHeader, RawRecord } from '@boostercloud/streamer-testkit/conformance'
import { until } from './repeat'

const END = '\r\n'
/** Without a name, or with what would end it or its line. */
const NO_NAME = /^$|[\r\n:]/

/** Publishes bodies with header blocks as they are, which no client would write. Resolves when the server has read them; rejects where it refuses. */
export async function publishBlocks(
  url: string,
  subject: string,
  messages: readonly (readonly [block: Buffer, body: Uint8Array])[]
): Promise<void> {
  const { hostname, port, username, password } = new URL(url)
  const socket = createConnection({ host: hostname, port: Number(port) })
  let answers = ''
  socket.on('data', (data) => (answers += data.toString('latin1')))
  const login = username === '' ? {} : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }
  socket.write(`CONNECT ${JSON.stringify({ verbose: false, headers: true, ...login })}\r\n`)
  for (const [block, body] of messages) {
    socket.write(`HPUB ${subject} ${block.length} ${block.length + body.length}\r\n`)
    socket.write(Buffer.concat([block, body, Buffer.from(END)]))
  }
  socket.write('PING\r\n')
  try {
    await until(() => /PONG|-ERR/.test(answers), 'The answer of the server')
    const [refusal] = /-ERR[^\r]*/.exec(answers) ?? []
    if (refusal !== undefined) throw new Error(refusal)
  } finally {
    socket.destroy()
  }
}

/** Lines as a header block. */
export function blockOf(...lines: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat([...lines.flatMap((line) => [Buffer.from(line as string), Buffer.from(END)]), Buffer.from(END)])
}

/** Writes a record with its headers as lines of any bytes. False where a name or a value would end its line. */
export async function publishRaw(url: string, subject: string, record: RawRecord): Promise<boolean> {
  const { body, contentType, contentEncoding, key, attributes, headers } = record
  const named = attributes.map(([name, value]): RawHeader => [`ce-${name}`, value])
  const texts = Object.entries({ 'Content-Type': contentType, 'Content-Encoding': contentEncoding, 'Message-Key': key })
  const own = texts.flatMap(([name, value]): RawHeader[] =>
    value === undefined ? [] : [[name, Buffer.from(value as string)]]
  )
  const all = [...own, ...named, ...headers]
  if (all.some(([name, value]) => NO_NAME.test(name) || /[\r\n]/.test(Buffer.from(value).toString('latin1'))))
    return false
  const lines = all.map(([name, value]) => Buffer.concat([Buffer.from(`${name}: `), value]))
  await publishBlocks(url, subject, [[blockOf('NATS/1.0', ...lines), body]])
  return true
}
