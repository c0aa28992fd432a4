import { StreamerError, isDeclaring, isPolling, isPositioning, isReplayable } from '@boostercloud/streamer-connector'
import type {
  ExternalEvent,
  Replayable,
  StreamerConnector,
  StreamerConnectorPollingInterface,
} from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import { toCount } from '../../terminal/arguments'
import pc from 'picocolors'
import { environmentOption } from '../../terminal/environment'
import { fail, finish, json, print, printable } from '../../terminal/output'
import { sourceAt } from '../../app/source'
import type { Source, SourceOptions } from '../../app/source'

interface TailOptions extends SourceOptions {
  readonly from: string
  readonly count?: number
  readonly json?: boolean
  readonly payload: boolean
}

/** Milliseconds between two looks at a streamer that can only be read again. */
const READ_AGAIN_MS = 500

/** `boost-streamers tail`. */
export function tailCommand(): Command {
  return new Command('tail')
    .description('show the events of an address as they arrive, without moving any position')
    .argument('<address>', "such as 'main-kafka/posts'; with --local, a topic is enough")
    .option('--from <where>', 'where to start: first, last, a time (ISO 8601) or a position', 'last')
    .option('-n, --count <number>', 'stop after this many events', toCount)
    .option('--json', 'print one JSON object per line')
    .option('--no-payload', 'leave out the events’ fields')
    .option('--local <path>', 'follow the embedded log in this folder, without an app')
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers tail main-kafka/posts
  $ boost-streamers tail main-kafka/posts --from first --count 10 --json
  $ boost-streamers tail posts --local ../.booster/main --from 2026-11-21T08:00:00Z`
    )
    .action(tail)
}

async function tail(address: string, options: TailOptions): Promise<void> {
  const source = sourceAt(address, options)
  let stopped = false
  const stop = (): void => {
    stopped = true
    void source.close().then(() => finish(), fail)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    let left = options.count ?? Infinity
    for await (const event of follow(source, options.from)) {
      await print(options.json ? asJson(event, options.payload) : asLine(event, options.payload))
      left -= 1
      if (left <= 0) break
    }
  } catch (error) {
    // A poll that is under way while the streamer is closed may fail; that is not news.
    if (!stopped) throw error
  }
  await source.close()
  await finish()
}

/** What is there from a place on, and then what comes. */
function follow({ connector, topic, address }: Source, from: string): AsyncGenerator<ExternalEvent, void, undefined> {
  if (isDeclaring(connector) && connector.capabilities.position === 'receiver' && isPolling(connector)) {
    return polled(connector, topic, from)
  }
  if (isReplayable(connector)) return replayed(connector, topic, from)
  throw new StreamerError('OPTION_INVALID', 'The streamer cannot be read without moving a position.', {
    at: address,
    hint: 'Use a streamer whose events can be read again.',
  })
}

async function* polled(
  connector: StreamerConnector & StreamerConnectorPollingInterface,
  topic: string | undefined,
  from: string
): AsyncGenerator<ExternalEvent, void, undefined> {
  let cursor = await startOf(connector, topic, from)
  for (;;) {
    for (const event of await connector.poll(topic, cursor)) {
      cursor = event.eventId
      yield event
    }
  }
}

/** Reads again and again, each time from the last event on, which comes again. */
async function* replayed(
  connector: Replayable,
  topic: string | undefined,
  from: string
): AsyncGenerator<ExternalEvent, void, undefined> {
  let next: string | Date | undefined = from === 'first' ? undefined : from === 'last' ? new Date() : placeOf(from)
  let last: string | undefined
  for (;;) {
    for await (const event of connector.read(topic, { from: next })) {
      if (last !== undefined && event.eventId === last) continue
      last = event.eventId
      next = last ?? next
      yield event
    }
    await new Promise((resolve) => setTimeout(resolve, READ_AGAIN_MS))
  }
}

async function startOf(
  connector: Source['connector'],
  topic: string | undefined,
  from: string
): Promise<string | undefined> {
  if (from === 'first') return undefined
  const place = from === 'last' ? 'last' : placeOf(from)
  if (typeof place === 'string' && place !== 'last') return place
  if (isPositioning(connector)) return connector.positionAt(topic, place as 'last' | Date)
  throw new StreamerError('OPTION_INVALID', `The streamer has no position for '${from}'.`, {
    at: '--from',
    hint: 'Give first, or a position.',
  })
}

function placeOf(from: string): string | Date {
  const isTime = /^\d{4}-\d\d-\d\d(?:T|$)/.test(from) && !Number.isNaN(Date.parse(from))
  return isTime ? new Date(from) : from
}

function asLine({ eventPayload, metadata, eventId }: ExternalEvent, withPayload: boolean): string {
  const { type, key, id, time, source, undecodable } = metadata ?? {}
  const facts = [
    time ?? '-',
    pc.bold(printable(type ?? '(no type)')),
    `key=${key ?? '-'}`,
    `id=${id ?? '-'}`,
    `from=${source ?? '-'}`,
    `at=${eventId ?? '-'}`,
  ]
  const shown = facts.map((fact, index) => (index === 1 ? fact : printable(fact)))
  if (undecodable) shown.push(pc.red(printable(undecodable.message)))
  else if (withPayload) shown.push(json(eventPayload))
  return shown.join('  ')
}

function asJson({ eventPayload, metadata, eventId, streamerTopic }: ExternalEvent, withPayload: boolean): string {
  const { raw, undecodable, ...known } = metadata ?? {}
  return json({
    position: eventId,
    topic: streamerTopic,
    ...known,
    ...(undecodable ? { undecodable: undecodable.message, raw: raw && Buffer.from(raw).toString('base64') } : {}),
    ...(withPayload && !undecodable ? { payload: eventPayload } : {}),
  })
}
