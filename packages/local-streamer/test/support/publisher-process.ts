import { LocalStreamer } from '../../src'
import { Note } from './note'

/** What a test tells this process to publish, and what it answers when that is durable. */
export interface Order {
  readonly topic: string
  readonly text: string
  readonly from: number
  readonly to: number
}

/** Publishes in a process of its own, one event at a time, as it is told: `publisher-process.ts PATH`. */
const streamer = LocalStreamer.with({ path: process.argv[2] })

async function obey({ topic, text, from, to }: Order): Promise<void> {
  for (let n = from; n < to; n++) {
    await streamer.publish([new Note(text, n)], topic)
    process.send?.(n)
  }
}

process.on('message', (order) => void obey(order as Order))
process.send?.('ready')
