import { StreamerError, isDeclaring, isPolling, isPositioning, isReplayable } from '@boostercloud/streamer-connector'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import { toCount } from '../arguments'
import pc from 'picocolors'
import { finish, json, print, printable } from '../output'
import { sourceAt } from '../source'
import type { Source, SourceOptions } from '../source'

interface TailOptions extends SourceOptions {
  readonly from: string
  readonly count?: number
  readonly json?: boolean
  readonly payload: boolean
}

/** `boost-streamers tail`. */
export function tailCommand(): Command {
  return new Command('tail')
    .description('follow the events of an address; nobody’s position is moved')
    .argument('<address>', "as 'main-kafka/posts'; with --local a topic will do")
    .option('--from <where>', 'first, last, a time (ISO 8601) or a position', 'last')
    .option('-n, --count <number>', 'end after so many events', toCount)
    .option('--json', 'one JSON object a line')
    .option('--no-payload', 'leave the events’ fields out')
    .option('--local <path>', 'follow the embedded log in this folder, without an app')
    .option('-e, --environment <name>', "Booster's environment", 'local')
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
  const stop = (): void => void source.close().then(finish, finish)
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  let left = options.count ?? Infinity
  for await (const event of follow(source, options.from)) {
    await print(options.json ? asJson(event, options.payload) : asLine(event, options.payload))
    left -= 1
    if (left <= 0) break
  }
  await source.close()
  await finish()
}

/** What is there from a place on, and then what comes. */
async function* follow(
  { connector, topic, address }: Source,
  from: string
): AsyncGenerator<ExternalEvent, void, undefined> {
  if (isDeclaring(connector) && connector.facts.position === 'receiver' && isPolling(connector)) {
    let cursor = await startOf(connector, topic, from)
    for (;;) {
      for (const event of await connector.poll(topic, cursor)) {
        cursor = event.eventId
        yield event
      }
    }
  }
  if (!isReplayable(connector)) {
    throw new StreamerError('OPTION_INVALID', 'The streamer cannot be read without moving a position.', {
      at: address,
      mend: 'Use a streamer whose events can be read again.',
    })
  }
  let next: string | Date | undefined = from === 'first' ? undefined : from === 'last' ? new Date() : placeOf(from)
  const seen = new Set<string>()
  for (;;) {
    for await (const event of connector.read(topic, { from: next })) {
      const id = event.eventId ?? ''
      if (seen.has(id)) continue
      seen.add(id)
      next = event.eventId ?? next
      yield event
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
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
  throw new StreamerError('OPTION_INVALID', `The streamer knows no position for '${from}'.`, {
    at: '--from',
    mend: 'Give first, or a position.',
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
