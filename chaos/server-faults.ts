import type { ServerName } from './fault'
import type { Random } from './random'
import type { ChaosServerKind, RequestKind, ServerFaultKind } from './server-kind'

/** For so many kills of services one fault of a server. */
const KILLS_FOR_ONE = 6
/** Milliseconds for a session where a server has none. */
const NO_SESSION_MS = 1_000

/** What happens to a server: each kind once, as far as there are kills enough, and then any. */
export function serverFaultsOf(
  on: ServerName,
  { server, sessionMs }: { readonly server?: ChaosServerKind; readonly sessionMs?: number },
  kills: number,
  random: Random
): object[] {
  if (!server) return []
  return Array.from({ length: Math.ceil(kills / KILLS_FOR_ONE) }, (_, index) => {
    const kind = server.faults[index] ?? random.one(server.faults)
    return { on, do: kind, ...DETAILS[kind](random, server, sessionMs ?? NO_SESSION_MS) }
  })
}

type Details = (random: Random, server: ChaosServerKind, sessionMs: number) => object

/** How often the answer to each of them is lost, beside the others. */
const REQUESTS: readonly RequestKind[] = ['publish', 'publish', 'acknowledge', 'commit']

const DETAILS: Readonly<Record<ServerFaultKind, Details>> = {
  kill: (random) => ({ afterMs: random.int(0, 300), downMs: random.int(0, 3_000) }),
  stall: (random, _server, sessionMs) => ({ forMs: Math.round(sessionMs * 1.2) + random.int(0, 2_000) }),
  cut: () => ({}),
  'half-open': (random) => ({ lost: random.one(['up', 'down', 'both']), forMs: random.int(1_000, 5_000) }),
  delay: (random) => ({ byMs: random.int(20, 400), forMs: random.int(1_000, 4_000) }),
  'lose-answer': (random, { isRequest }) => ({ to: random.one(REQUESTS.filter((request) => isRequest[request])) }),
}
