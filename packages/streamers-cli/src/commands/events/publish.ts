import { createReadStream } from 'node:fs'
import { StreamerError, newEventId, withMetadata, within } from '@boostercloud/streamer-connector'
import { Command, Option } from 'commander'
import pc from 'picocolors'
import { environmentOption } from '../../terminal/environment'
import { readEvents } from '../../terminal/json-input'
import type { InputEvent } from '../../terminal/json-input'
import { counted, finish, print } from '../../terminal/output'
import { sourceAt } from '../../app/source'
import type { SourceOptions } from '../../app/source'
import { send } from './send'
import type { Published, Ready } from './send'

interface PublishOptions extends SourceOptions {
  readonly type?: string
  readonly key?: string
  readonly keyValue?: string
  readonly idField?: string
  readonly jsonLines?: boolean
  readonly source: string
}

/** Events sent at once. */
const BATCH = 500
/** Milliseconds without input after which a batch goes out as it is. */
const QUIET_MS = 20

/** `boost-streamers publish`. */
export function publishCommand(): Command {
  return new Command('publish')
    .description(
      'publish JSON, or JSON lines, to an address: for services in other languages, and for trying things out'
    )
    .argument('<address>', "such as 'main-kafka/posts'; with --local, a topic is enough")
    .argument('[file]', "a file, or '-' for standard input", '-')
    .option('--type <name>', "the name of the events' class")
    .option('--key <field>', 'the field to use as the key: events with the same value stay in order')
    .addOption(new Option('--key-value <value>', 'use this key for every event').conflicts('key'))
    .option('--id-field <field>', 'the field that holds the event’s id; by default, each event gets a new id')
    .option('--source <name>', 'the source of the events, who publishes them', 'boost-streamers')
    .option('--json-lines', 'each line is one event; no document spans several lines')
    .option('--local <path>', 'publish to the embedded log in this folder, without an app')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Examples:
  $ echo '{"postId":"1","title":"Hello"}' | boost-streamers publish main-kafka/posts --type PostCreated --key postId
  $ boost-streamers publish main-kafka/posts posts.jsonl --type PostCreated --key postId --id-field postId
  $ boost-streamers publish posts posts.jsonl --local ../.booster/main`
    )
    .action(publish)
}

async function publish(address: string, file: string, options: PublishOptions): Promise<void> {
  const source = sourceAt(address, options)
  const input = file === '-' ? process.stdin : createReadStream(file)
  let published = 0
  try {
    const events = readEvents(input, file === '-' ? 'standard input' : file, options)
    for await (const batch of batches(events, options)) {
      await send(source, batch, (count) => (published += count))
    }
  } catch (error) {
    await print(`${counted(published, 'event')} published to ${address}, then it failed`)
    throw error
  } finally {
    await source.close()
  }
  await print(`${pc.green('✓')} ${counted(published, 'event')} published to ${address}`)
  await finish()
}

/**
 * Batches of what is there: the first is not held back for more to come. What comes before a bad line is a batch, then its error is
 * thrown.
 */
async function* batches(
  events: AsyncIterable<InputEvent>,
  options: PublishOptions
): AsyncGenerator<Ready[], void, undefined> {
  const iterator = events[Symbol.asyncIterator]()
  const next = (): Promise<Taken> => iterator.next().then(take(options)).catch(failed)
  let batch: Ready[] = []
  let taking = next()
  for (;;) {
    const taken = batch.length === 0 ? await taking : await orQuiet(taking)
    if ('ready' in taken) batch.push(taken.ready)
    if (batch.length > 0 && (!('ready' in taken) || batch.length === BATCH)) {
      yield batch
      batch = []
    }
    if ('failure' in taken) throw taken.failure
    if ('done' in taken) return
    if ('ready' in taken) taking = next()
  }
}

/** What a look at the input came to. */
type Taken =
  { readonly ready: Ready } | { readonly failure: unknown } | { readonly done: true } | { readonly quiet: true }

function take(options: PublishOptions): (result: IteratorResult<InputEvent, void>) => Taken {
  return (result) =>
    result.done ? { done: true } : { ready: { event: toPublish(result.value, options), at: result.value.at } }
}

function failed(failure: unknown): Taken {
  return { failure }
}

/** The next of the input, unless none comes for a moment. */
function orQuiet(taking: Promise<Taken>): Promise<Taken> {
  return within(QUIET_MS, taking, (): Taken => ({ quiet: true }))
}

function toPublish({ value, at }: InputEvent, { type, key, keyValue, idField, source }: PublishOptions): Published {
  const orderedBy = key === undefined ? keyValue : String(fieldOf(value, key, at))
  return withMetadata(value, {
    id: idField === undefined ? newEventId() : String(fieldOf(value, idField, at)),
    type,
    source,
    subject: orderedBy,
    key: orderedBy,
    time: new Date().toISOString(),
  }) as Published
}

function fieldOf(value: object, name: string, at: string): unknown {
  const field = (value as Record<string, unknown>)[name]
  if (typeof field === 'string' || typeof field === 'number') return field
  throw new StreamerError('OPTION_INVALID', `The event has no field '${name}' that is a string or a number.`, {
    at,
    hint: 'Name a field that every event has.',
  })
}
