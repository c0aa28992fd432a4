import type { Random } from './random'
import type { ChaosStreamer, ServerFaultKind } from './streamers'

/** For so many kills of services one fault of the server. */
const KILLS_FOR_ONE = 6
/** Milliseconds for a session where the streamer has none. */
const NO_SESSION_MS = 1_000

/** What happens to the server of a streamer: each kind once, as far as there are kills enough, and then any. */
export function serverFaultsOf(streamer: ChaosStreamer, kills: number, random: Random): object[] {
  const { server, sessionMs = NO_SESSION_MS } = streamer
  if (!server) return []
  return Array.from({ length: Math.ceil(kills / KILLS_FOR_ONE) }, (_, index) => {
    const kind = server.faults[index] ?? random.one(server.faults)
    return { on: 'server', do: kind, ...DETAILS[kind](random, sessionMs) }
  })
}

const DETAILS: Readonly<Record<ServerFaultKind, (random: Random, sessionMs: number) => object>> = {
  kill: (random) => ({ afterMs: random.int(0, 300), downMs: random.int(0, 3_000) }),
  stall: (random, sessionMs) => ({ forMs: Math.round(sessionMs * 1.2) + random.int(0, 2_000) }),
  cut: () => ({}),
  'half-open': (random) => ({ lost: random.one(['up', 'down', 'both']), forMs: random.int(1_000, 5_000) }),
  delay: (random) => ({ byMs: random.int(20, 400), forMs: random.int(1_000, 4_000) }),
  'lose-answer': (random) => ({ to: random.one(['publish', 'publish', 'acknowledge']) }),
}
