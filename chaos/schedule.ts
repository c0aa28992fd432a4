import { demandedFailpoints, stagesOf } from './failpoints'
import type { Fault } from './fault'
import { Random } from './random'
import { serverFaultsOf } from './server-faults'
import { STAGES } from './stages'
import { local as localProvider } from './providers'
import type { ChaosProvider } from './providers'
import { local } from './streamers'
import type { ChaosStreamer } from './streamers'

/** A command, and the events that it registers. */
export interface PlannedCommand {
  readonly key: string
  readonly origins: readonly string[]
}

/** Everything of a run that its seed decides. */
export interface Schedule {
  readonly seed: number
  readonly streamer: ChaosStreamer
  readonly provider: ChaosProvider
  /** What the client sends. */
  readonly commands: readonly PlannedCommand[]
  /** What it goes on with while faults have not come about. */
  readonly spare: readonly PlannedCommand[]
  readonly faults: readonly Fault[]
  /** What the second service cannot handle until it is healed. */
  readonly poison: readonly string[]
  /** What ends the process of the second service, each time, until its dead letter is redriven. */
  readonly lethal: readonly string[]
  /** What the client sends when all has arrived and the stream was made anew; nothing: it is not. */
  readonly afterAnew: readonly PlannedCommand[]
  /** Of a thousand events, how many a handler fails on. */
  readonly failing: number
}

/** What a schedule is asked for. */
export interface ScheduleOptions {
  readonly seed: number
  readonly events: number
  readonly kills: number
  /** Default: the embedded one. */
  readonly streamer?: ChaosStreamer
  /** Default: Booster's own. */
  readonly provider?: ChaosProvider
  /** Where services die. Default: every failpoint that they come to. */
  readonly failpoints?: readonly string[]
  /** Whether kills come at failpoints only, and at no other instants. */
  readonly onlyFailpoints?: boolean
  /** How many entities there are. Default: 40. */
  readonly keys?: number
}

const KEYS = 40
const AFTER_ANEW = 12
const FAILING = 60
const SPARE_FOR_A_KILL = 40
/** Of a hundred commands, how many register two events. */
const TWO_EVENTS = 15
/** Longer than any lease. */
const PAST_A_LEASE_MS = 11_000

/** The same for the same options. */
export function scheduleOf(options: ScheduleOptions): Schedule {
  const { seed, events, kills, keys = KEYS, streamer = local, provider = localProvider } = options
  const random = new Random(`${seed}/${events}/${kills}`)
  const commands = commandsOf('', events, keys, random)
  const faults = [
    ...killsOf({ ...options, provider }, streamer, random),
    ...stopsOf(options, streamer, random),
    ...serverFaultsOf('server', streamer, kills, random),
    ...serverFaultsOf('database', provider, kills, random),
  ]
  const poison = poisonOf(commands, random)
  const step = (0.85 * commands.length) / faults.length
  return {
    seed,
    streamer,
    provider,
    commands,
    spare: commandsOf('spare-', Math.max(events, kills * SPARE_FOR_A_KILL), keys, random),
    faults: random
      .shuffled(faults)
      .map((fault, index) => ({ ...fault, at: Math.round(0.05 * commands.length + index * step) }) as Fault),
    poison,
    lethal: lethalOf(commands, poison, provider),
    afterAnew: streamer.makeAnew ? commandsOf('anew-', AFTER_ANEW, keys, random) : [],
    failing: FAILING,
  }
}

function commandsOf(prefix: string, events: number, keys: number, random: Random): PlannedCommand[] {
  const commands: PlannedCommand[] = []
  for (let left = events; left > 0; left -= commands[commands.length - 1].origins.length) {
    const count = Math.min(left, random.int(1, 100) <= TWO_EVENTS ? 2 : 1)
    const origins = Array.from({ length: count }, (_, part) => `${prefix}${commands.length}.${part}`)
    commands.push({ key: `key-${random.int(1, keys)}`, origins })
  }
  return commands
}

/** Every failpoint once, if there are kills enough; the rest at failpoints and at random instants. */
function killsOf(
  { kills, failpoints, provider, onlyFailpoints = false }: ScheduleOptions,
  streamer: ChaosStreamer,
  random: Random
): object[] {
  const names = failpoints ?? demandedFailpoints(streamer, provider)
  return Array.from({ length: kills }, (_, index) => {
    const downMs = random.int(0, 400)
    const name = names[index] ?? random.one([onlyFailpoints ? random.one(names) : undefined, random.one(names)])
    if (name === undefined) return { do: 'kill', on: random.one(STAGES), afterMs: random.int(0, 300), downMs }
    const time = isRare(name) ? 1 : random.int(1, 6)
    return { do: 'kill-at', on: random.one(stagesOf(name)), failpoint: name, time, downMs }
  })
}

function isRare(failpoint: string): boolean {
  return failpoint.endsWith('park')
}

/** Short ones; one that outlasts a session, where there are sessions; and in a long run one that outlasts a lease. */
function stopsOf({ events, kills }: ScheduleOptions, { sessionMs }: ChaosStreamer, random: Random): object[] {
  const stop = (forMs: () => number): object => ({ do: 'stop', on: random.one(STAGES), forMs: forMs() })
  const pastALease = events >= 1_000 ? [stop(() => PAST_A_LEASE_MS)] : []
  const short = Array.from({ length: Math.max(1, Math.floor(kills / 12)) }, () => stop(() => random.int(300, 2_000)))
  const pastASession = sessionMs === undefined ? [] : [stop(() => Math.round(sessionMs * 1.2) + random.int(0, 2_000))]
  return [...pastALease, ...short, ...pastASession]
}

/** Early ones, so that much comes to wait behind them. */
function poisonOf(commands: readonly PlannedCommand[], random: Random): string[] {
  const early = commands.slice(0, Math.ceil(commands.length / 2))
  return Array.from({ length: commands.length < 1_000 ? 2 : 4 }, () => random.one(early).origins[0])
}

/** One, of a key that nothing else holds. Where replicas share a state, each death lets its claims run out first, which takes too long. */
function lethalOf(
  commands: readonly PlannedCommand[],
  poison: readonly string[],
  { processes }: ChaosProvider
): string[] {
  const held = new Set(commands.filter(({ origins }) => poison.includes(origins[0])).map(({ key }) => key))
  const found = processes > 1 ? undefined : commands.find(({ key }) => !held.has(key))
  return found ? [found.origins[0]] : []
}
