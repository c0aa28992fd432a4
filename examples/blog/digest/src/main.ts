import { showJourney } from '@blog/journey'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { Digest } from './digest'

/** Reads `main/posts` from where the digest ends, until it is told to stop. No Booster anywhere. */
async function main(): Promise<void> {
  const streamer = LocalStreamer.with({ path: process.env.BLOG_LOG ?? '../.booster/main' })
  const digest = new Digest(process.argv[2] ?? 'digest.jsonl')
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopping = true
      void streamer.close()
    })
  }
  while (!stopping) {
    for (const event of await streamer.poll('posts', digest.position)) {
      showJourney(event.eventPayload, 'main/posts', 'digest')
      digest.add(event)
    }
  }
}

void main()
