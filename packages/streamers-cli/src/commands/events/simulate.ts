import { randomInt } from 'node:crypto'
import { newEventId, withMetadata } from '@boostercloud/streamer-connector'
import type { EventMetadata } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { sourceAt } from '../../app/source'
import type { SourceOptions } from '../../app/source'
import { MOST_SEED, toCount, toRate, toSeed } from '../../terminal/arguments'
import { environmentOption } from '../../terminal/environment'
import { counted, finish, json, print, printable } from '../../terminal/output'
import type { SimulatedEvent } from '../../simulate'
import { send } from './send'
import type { Published, Ready } from './send'

interface SimulateOptions extends SourceOptions {
  readonly fromContract: string | true
  readonly type?: readonly string[]
  readonly key?: string
  readonly entities?: number
  readonly count?: number
  readonly rate?: number
  readonly seed?: number
  readonly source: string
  readonly dryRun?: boolean
}

/** Events where neither a count nor a rate is given. */
const FEW = 10
/** Events sent at once. */
const BATCH = 500

/** `boost-streamers simulate`. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('publish generated events of a contract to an address, in place of a service that does not run')
    .argument('<address>', "such as 'main-kafka/posts'; with --local, a topic is enough")
    .requiredOption(
      '--from-contract [folder]',
      'generate them from the event classes in this folder, or from schemas that contracts extract has written; the current folder by default'
    )
    .option('--type <names...>', 'only events of these classes; by default all that the address carries')
    .option('--key <field>', 'the field that orders: events of one value stay in order')
    .option(
      '--entities <number>',
      'how many different values the key field has at most; by default about one for each event',
      toCount
    )
    .option('-n, --count <number>', `how many events; ${FEW} by default, with --rate until Ctrl-C`, toCount)
    .option('--rate <number>', 'events a second; by default as fast as the streamer takes them', toRate)
    .option(
      '--seed <number>',
      'the same number generates the same fields; by default a new one, which is shown',
      toSeed
    )
    .option('--source <name>', 'the source of the events, who publishes them', 'boost-streamers')
    .option('--dry-run', 'publish nothing; write the events as tail --json does')
    .option('--local <path>', 'publish to the embedded log in this folder, without an app')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Fields have plain values that the schema accepts: words, numbers from 0 to 10,000, dates from 2020 to 2029. Each event gets a
new id and the current time, also with --seed.

Examples:
  $ boost-streamers simulate main-kafka/posts --from-contract packages/contracts --key postId
  $ boost-streamers simulate main-kafka/posts --from-contract packages/contracts --key postId --entities 20 --rate 5
  $ boost-streamers simulate main/posts --from-contract schemas --type PostCreated --seed 7 --count 20 --dry-run`
    )
    .action(simulate)
}

async function simulate(address: string, options: SimulateOptions): Promise<void> {
  const { fromContract, type: types, rate, seed = randomInt(MOST_SEED), dryRun } = options
  const count = options.count ?? (rate === undefined ? FEW : Infinity)
  const contract = fromContract === true ? '.' : fromContract
  // The compiler is loaded where it is needed: that takes longer than all the rest of the command line.
  const { chosenEvents, paced, simulatedEvents } = await import('../../simulate')
  const generated = simulatedEvents(await chosenEvents({ contract, address, types }), { ...options, seed })
  const asked = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => asked.abort())
  const events = first(count, generated, options.source)
  const batches = paced(events, { eventsPerSecond: rate, batch: BATCH, signal: asked.signal })
  if (dryRun) for await (const batch of batches) for (const one of batch) await print(asJson(one))
  else await publish(batches, address, { ...options, seed })
  await finish()
}

async function publish(
  batches: AsyncIterable<readonly Ready[]>,
  address: string,
  options: SimulateOptions
): Promise<void> {
  const source = sourceAt(address, options)
  let published = 0
  const told = (): string => `${counted(published, 'event')} published to ${printable(address)}, seed ${options.seed}`
  try {
    for await (const batch of batches) await send(source, batch, (sent) => (published += sent))
  } catch (error) {
    await print(`${told()}, then it failed`)
    throw error
  } finally {
    await source.close()
  }
  await print(`${pc.green('✓')} ${told()}`)
}

/** A generated event with its metadata. */
interface Simulated extends Ready {
  readonly metadata: EventMetadata
}

function* first(
  count: number,
  generated: Iterable<SimulatedEvent>,
  source: string
): Generator<Simulated, void, undefined> {
  let made = 0
  for (const { event, fields, key } of generated) {
    const { event: name, type = name, version, at } = event
    const metadata = { id: newEventId(), type, version, source, subject: key, key, time: new Date().toISOString() }
    yield { event: withMetadata<object>(fields, metadata) as Published, at, metadata }
    made += 1
    if (made === count) return
  }
}

/** As `tail --json` writes it. */
function asJson({ event, metadata }: Simulated): string {
  return json({ ...metadata, payload: event })
}
