import { createReadStream } from 'node:fs'
import { StreamerError, newEventId, withMetadata } from '@boostercloud/streamer-connector'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { readEvents } from '../json-input'
import type { InputEvent } from '../json-input'
import { finish, print } from '../output'
import { sourceAt } from '../source'
import type { SourceOptions } from '../source'

interface PublishOptions extends SourceOptions {
  readonly type?: string
  readonly key?: string
  readonly idField?: string
  readonly source: string
}

/** Events sent at once. */
const BATCH = 500

/** `boost-streamers publish`. */
export function publishCommand(): Command {
  return new Command('publish')
    .description('publish JSON, or JSON lines, to an address: for services in other languages, and for trying things')
    .argument('<address>', "as 'main-kafka/posts'; with --local a topic will do")
    .argument('[file]', "a file, or '-' for standard input", '-')
    .option('--type <name>', "the name of the events' class")
    .option('--key <field>', 'the field that orders: events of one value stay in order')
    .option('--id-field <field>', 'the field that is the event’s id; else each gets a new one')
    .option('--source <name>', 'who says it', 'boost-streamers')
    .option('--local <path>', 'publish to the embedded log in this folder, without an app')
    .option('-e, --environment <name>', "Booster's environment", 'local')
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
    for await (const batch of batches(readEvents(input, file === '-' ? 'standard input' : file))) {
      await source.connector.publish(
        batch.map((event) => toPublish(event, options)),
        source.topic
      )
      published += batch.length
    }
  } catch (error) {
    await print(`${published} events published to ${address}, then it failed`)
    throw error
  } finally {
    await source.close()
  }
  await print(`${pc.green('✓')} ${published} events published to ${address}`)
  await finish()
}

/** Batches, also the last one before an error: what comes before a bad line is published. */
async function* batches(events: AsyncIterable<InputEvent>): AsyncGenerator<InputEvent[], void, undefined> {
  let batch: InputEvent[] = []
  let failure: unknown
  try {
    for await (const event of events) {
      batch.push(event)
      if (batch.length === BATCH) {
        yield batch
        batch = []
      }
    }
  } catch (error) {
    failure = error
  }
  if (batch.length > 0) yield batch
  if (failure !== undefined) throw failure
}

type Published = Parameters<StreamerConnector['publish']>[0][number]

function toPublish({ value, at }: InputEvent, { type, key, idField, source }: PublishOptions): Published {
  return withMetadata(value, {
    id: idField === undefined ? newEventId() : String(fieldOf(value, idField, at)),
    type,
    source,
    subject: key === undefined ? undefined : String(fieldOf(value, key, at)),
    key: key === undefined ? undefined : String(fieldOf(value, key, at)),
    time: new Date().toISOString(),
  }) as Published
}

function fieldOf(value: object, name: string, at: string): unknown {
  const field = (value as Record<string, unknown>)[name]
  if (typeof field === 'string' || typeof field === 'number') return field
  throw new StreamerError('OPTION_INVALID', `The event has no field '${name}' that is a text or a number.`, {
    at,
    mend: 'Name a field that every event has.',
  })
}
