import {
  StreamerError,
  didYouMean,
  formatAddress,
  isDeclaring,
  isPolling,
  isPositioning,
  isStreamerConnector,
  missingCapability,
  offersCapability,
  parseAddress,
} from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerCapabilities } from '@boostercloud/streamer-connector'
import type { Link, RetryPolicy } from '../receive'
import type { EventDeclaration, HandlerDeclaration } from './declarations'
import type { OwnHandlingOptions } from './options'

/** Node's timers take no more (2^31 - 1). */
const LONGEST_TIMER_MS = 2_147_483_647

/** `config.streamers`, whoever declared them. */
export type Configured = Readonly<Record<string, StreamerConnector>>

/** An address with its topic: its own, or its streamer's default one. */
export function resolveAddress(address: string, configured: Configured, at: string): string {
  const { streamerId, topic } = parseAddress(address, at)
  const connector = Object.hasOwn(configured, streamerId) ? configured[streamerId] : undefined
  if (!connector) throw unknownStreamer(address, streamerId, Object.keys(configured), at)
  const capabilities = capabilitiesOf(connector)
  const resolved = topic ?? capabilities?.defaultTopic
  if (resolved === undefined && capabilities?.topicRequired) {
    throw new StreamerError(
      'TOPIC_MISSING',
      `The address '${address}' names no topic, and the streamer '${streamerId}' has no default topic.`,
      {
        at,
        hint: `Write '${streamerId}/<topic>', or give the streamer a default topic in config.streamers.`,
      }
    )
  }
  return formatAddress({ streamerId, topic: resolved })
}

function unknownStreamer(address: string, streamerId: string, known: readonly string[], at: string): StreamerError {
  const hint =
    known.length === 0
      ? `Add it: config.streamers = { '${streamerId}': … }.`
      : `${didYouMean(streamerId, known)}config.streamers has ${known.map((id) => `'${id}'`).join(', ')}.`
  return new StreamerError(
    'STREAMER_UNKNOWN',
    `The address '${address}' names the streamer '${streamerId}', which is not configured.`,
    { at, hint }
  )
}

/** A value of `config.streamers`. */
export function checkConnector(id: string, value: unknown): void {
  if (id === '' || id.includes('/')) {
    throw new StreamerError('ADDRESS_MALFORMED', `The streamer id '${id}' cannot be used in an address.`, {
      at: 'config.streamers',
      hint: "Use a name without '/', such as 'main-kafka'.",
    })
  }
  if (isStreamerConnector(value)) return checkDeclaration(id, value)
  throw new StreamerError(
    'NOT_A_CONNECTOR',
    `The value of config.streamers['${id}'] is not a streamer connector: it needs publish, and poll or transformEvents.`,
    {
      at: `config.streamers['${id}']`,
      hint: `Give it a connector, such as LocalStreamer.with({ path: '…' }).`,
    }
  )
}

/** A connector written for the contract's older word would run as one that declares nothing: no order, no durability, one event at a time. */
function checkDeclaration(id: string, connector: StreamerConnector): void {
  if (isDeclaring(connector) || !('facts' in connector)) return
  throw new StreamerError(
    'NOT_A_CONNECTOR',
    `The connector of config.streamers['${id}'] has a member 'facts' and no 'capabilities': it would run without any guarantee.`,
    { at: `config.streamers['${id}']`, hint: "Rename its member 'facts' to 'capabilities'; the contents are the same." }
  )
}

/** An address that a handler names. */
export function checkPolling(address: string, configured: Configured, at: string): void {
  const { streamerId } = parseAddress(address)
  const connector = configured[streamerId]
  if (isPolling(connector) && capabilitiesOf(connector)?.delivery !== 'push') return
  throw new StreamerError(
    'DELIVERY_UNAVAILABLE',
    `The streamer '${streamerId}' only pushes events to functions, and this process is not one: '${address}' would never deliver.`,
    {
      at,
      hint: 'Use a streamer that can be polled, or run this handler in a function.',
    }
  )
}

/** An address whose handler says where it begins. */
export function checkPositioning(address: string, configured: Configured, at: string): void {
  const { streamerId } = parseAddress(address)
  const connector = configured[streamerId]
  if (isPositioning(connector) && capabilitiesOf(connector)?.position === 'receiver') return
  throw new StreamerError(
    'OPTION_INVALID',
    `The streamer '${streamerId}' keeps positions itself, so a handler cannot choose where it starts.`,
    {
      at,
      hint: 'Remove startAt. If the streamer has such an option, set it in config.streamers.',
    }
  )
}

/** What an event requires of an address. */
export function checkCapabilities(event: EventDeclaration, address: string, configured: Configured): void {
  const { streamerId } = parseAddress(address)
  for (const [capability, wanted] of Object.entries(event.requires)) {
    if (offersCapability(capabilitiesOf(configured[streamerId]), capability, wanted)) continue
    const able = Object.keys(configured).filter((id) =>
      offersCapability(capabilitiesOf(configured[id]), capability, wanted)
    )
    throw missingCapability({ event: event.eventClass.name, capability, wanted, streamerId, at: event.at, able })
  }
}

/** A retry policy, its defaults filled in. */
export function checkRetry(retry: RetryPolicy, at: string): void {
  const rules: [boolean, string][] = [
    [Number.isInteger(retry.attempts) && retry.attempts >= 1, 'attempts must be a whole number, at least 1'],
    [retry.firstDelayMs >= 0, 'firstDelayMs must not be negative'],
    [retry.factor >= 1, 'factor must be at least 1'],
    [retry.maxDelayMs >= retry.firstDelayMs, 'maxDelayMs must not be below firstDelayMs'],
    [retry.jitter >= 0 && retry.jitter <= 1, 'jitter must be from 0 to 1'],
    [
      (retry.neverRetry ?? []).every((one) => typeof one === 'function' || (typeof one === 'string' && one !== '')),
      'neverRetry must be a list of error classes or their names',
    ],
  ]
  const wrong = rules.find(([holds]) => !holds)?.[1]
  if (wrong)
    throw new StreamerError('OPTION_INVALID', `The option retry is wrong: ${wrong}.`, { at, hint: 'Fix the option.' })
}

/** How often a run may not end, and how long it may take. */
export function checkRuns({ maxStarts, timeoutMs }: Pick<Link, 'maxStarts' | 'timeoutMs'>, at: string): void {
  const rules: [boolean, string][] = [
    [Number.isInteger(maxStarts) && maxStarts >= 1, 'maxStarts is wrong: it must be a whole number, at least 1'],
    [
      timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= LONGEST_TIMER_MS),
      `timeoutMs is wrong: it must be a number of milliseconds above 0 and up to ${LONGEST_TIMER_MS}`,
    ],
  ]
  const wrong = rules.find(([holds]) => !holds)?.[1]
  if (wrong) throw new StreamerError('OPTION_INVALID', `The option ${wrong}.`, { at, hint: 'Fix the option.' })
}

/** How many runs of a handler there may be at once, and in a second. */
export function checkLimits({ concurrency, maxPerSecond }: OwnHandlingOptions, at: string): void {
  const rules: [boolean, string][] = [
    [
      concurrency === undefined || (Number.isInteger(concurrency) && concurrency >= 1),
      'concurrency is wrong: it must be a whole number, at least 1',
    ],
    [
      maxPerSecond === undefined || (Number.isFinite(maxPerSecond) && maxPerSecond > 0),
      'maxPerSecond is wrong: it must be a number above 0',
    ],
  ]
  const wrong = rules.find(([holds]) => !holds)?.[1]
  if (wrong) throw new StreamerError('OPTION_INVALID', `The option ${wrong}.`, { at, hint: 'Fix the option.' })
}

function capabilitiesOf(connector: StreamerConnector): StreamerCapabilities | undefined {
  return isDeclaring(connector) ? connector.capabilities : undefined
}

/** A handler's batch size, which only `handleBatch` has. */
export function checkBatch({ handlerClass, options: { batchSize }, at }: HandlerDeclaration): void {
  if (batchSize === undefined) return
  const wrong = !('handleBatch' in handlerClass)
    ? `${handlerClass.name} has no handleBatch`
    : !Number.isInteger(batchSize) || batchSize < 1
      ? 'it must be a whole number, at least 1'
      : undefined
  if (wrong)
    throw new StreamerError('OPTION_INVALID', `The option batchSize is wrong: ${wrong}.`, {
      at,
      hint: 'Fix the option.',
    })
}
