import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { createInterface } from 'node:readline'
import { asTexts, testConnector } from '@boostercloud/streamer-testkit/conformance'
import { packedMessage } from '@boostercloud/streamer-connector'
import { TcpStreamer } from './tcp-streamer'

/** The server: a list of records for each topic, in memory. */
class LogServer {
  public readonly topics = new Map<string, Buffer[]>()
  private readonly server: Server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    const reader = createInterface({ input: socket }).on('error', () => socket.destroy())
    reader.on('line', (line) => {
      const { topic, add, after } = JSON.parse(line) as { topic: string; add?: string[]; after?: number }
      for (const record of add ?? []) this.add(topic, Buffer.from(record))
      const records = after === undefined ? [] : (this.topics.get(topic) ?? []).slice(after, after + 100)
      socket.write(`${JSON.stringify(records.map((record) => record.toString('base64')))}\n`)
    })
  })

  public async start(): Promise<number> {
    await new Promise<void>((resolve) => void this.server.listen(0, '127.0.0.1', resolve))
    return (this.server.address() as AddressInfo).port
  }

  public stop(): void {
    this.server.close()
  }

  public add(topic: string, record: Buffer): void {
    this.topics.set(topic, [...(this.topics.get(topic) ?? []), record])
  }
}

describe('TcpStreamer', () => {
  testConnector(async () => {
    const server = new LogServer()
    const port = await server.start()
    let topics = 0
    return {
      create: ({ pollWaitMs }) => TcpStreamer.with({ port, pollWaitMs }),
      topic: () => `topic-${++topics}`,
      unreachable: () => TcpStreamer.with({ port: 1 }),
      publishForeign: async (topic, body) => server.add(topic, Buffer.from(body)),
      publishRaw: async (topic, record) => {
        const texts = asTexts(record)
        if (texts !== undefined) server.add(topic, Buffer.from(packedMessage(texts).content))
        return texts !== undefined
      },
      tearDown: () => server.stop(),
    }
  })
})
