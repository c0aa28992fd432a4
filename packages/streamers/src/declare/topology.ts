import { parseAddress, wireTypeOf } from '@boostercloud/streamer-connector'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import type { Link, RetryPolicy } from '../receive'
import {
  checkBatch,
  checkConnector,
  checkLimits,
  checkCapabilities,
  checkPolling,
  checkPositioning,
  checkRetry,
  checkRuns,
  resolveAddress,
} from './checks'
import type { Declarations, HandlerDeclaration } from './declarations'
import { checkHandlerNames, handlerNameOf } from './handler-names'
import { WireTypes, handledTypes } from './wire-types'
import type { HandlingOptions, ReceivingOptions, StartAt, StreamingOptions } from './options'

/** A link with the code behind it. */
export interface HandlerLink extends Link {
  readonly declaration: HandlerDeclaration
  /** Where it begins, if it says so. */
  readonly startAt?: StartAt
}

/** All links of one service, checked: what is published where, and who handles what from where. */
export interface Topology {
  /** Addresses, with their topics, by the name of the event's class. */
  readonly published: ReadonlyMap<string, readonly string[]>
  /** Links by address, with its topic. */
  readonly received: ReadonlyMap<string, readonly HandlerLink[]>
  /** The streamers in use, by id. */
  readonly streamers: ReadonlyMap<string, StreamerConnector>
}

const DEFAULT_RETRY: RetryPolicy = { attempts: 8, firstDelayMs: 200, factor: 3, maxDelayMs: 60_000, jitter: 0.2 }
const DEFAULT_HOLD_LIMIT = 10_000
const DEFAULT_MAX_STARTS = 5
const DEFAULT_BATCH = 100
const DEFAULT_NEWER_VERSION_LIMIT_MS = 7 * 24 * 60 * 60 * 1000

/**
 * The topology of what an app has declared. Throws a `StreamerError` for the first thing that cannot work, before anything connects:
 * `NOT_A_CONNECTOR`, `ADDRESS_MALFORMED`, `STREAMER_UNKNOWN`, `TOPIC_MISSING`, `DELIVERY_UNAVAILABLE`, `CAPABILITY_MISSING`,
 * `DECLARATION_CONFLICT`, `OPTION_INVALID`.
 */
export function topologyOf(
  declarations: Declarations,
  configured: Readonly<Record<string, StreamerConnector>>,
  options: StreamingOptions
): Topology {
  for (const [id, value] of Object.entries(configured)) checkConnector(id, value)
  const streamers = new Map<string, StreamerConnector>()
  const resolve = (address: string, at: string): string => {
    const resolved = resolveAddress(address, configured, at)
    const { streamerId } = parseAddress(resolved)
    streamers.set(streamerId, configured[streamerId])
    return resolved
  }
  const published = publishedIn(declarations, configured, resolve)
  const received = new Map<string, HandlerLink[]>()
  const types = new WireTypes()
  checkHandlerNames(declarations.handlers)
  for (const handler of declarations.handlers) {
    for (const address of unique(handler.streamedFrom.map((one) => resolve(one, handler.at)))) {
      if (!options.invoked) checkPolling(address, configured, handler.at)
      if (handler.options.startAt !== undefined) checkPositioning(address, configured, handler.at)
      const link = linkOf(handler, address, options)
      types.add(address, link.types ?? [], handler)
      received.set(address, [...(received.get(address) ?? []), link])
    }
  }
  return { published, received, streamers }
}

function publishedIn(
  { events }: Declarations,
  configured: Readonly<Record<string, StreamerConnector>>,
  resolve: (address: string, at: string) => string
): Topology['published'] {
  const published = new Map<string, readonly string[]>()
  const types = new WireTypes()
  for (const event of events) {
    const { eventClass, streamTo, at } = event
    const addresses = unique(streamTo.map((address) => resolve(address, at)))
    published.set(eventClass.name, addresses)
    for (const address of addresses) {
      checkCapabilities(event, address, configured)
      types.add(address, [wireTypeOf(eventClass)], event)
    }
  }
  return published
}

/** The options of one streamer: its own, else the service's. */
export function receivingOptions(options: StreamingOptions, streamerId: string): ReceivingOptions {
  const own = options.streamers?.[streamerId]
  return { ...options.receiving, ...own, retry: { ...options.receiving?.retry, ...own?.retry } }
}

function linkOf(declaration: HandlerDeclaration, address: string, options: StreamingOptions): HandlerLink {
  const general = receivingOptions(options, parseAddress(address).streamerId)
  const own = declaration.options
  const retry = { ...DEFAULT_RETRY, ...defined(general.retry), ...defined(own.retry) }
  checkRetry(retry, declaration.at)
  checkBatch(declaration)
  checkLimits(own, declaration.at)
  return {
    declaration,
    address,
    handler: handlerNameOf(declaration),
    typeName: declaration.eventClass?.name,
    types: handledTypes(declaration),
    retry,
    ...runLimitsOf(own, general, declaration.at),
    afterDeadLetter: own.afterDeadLetter ?? general.afterDeadLetter ?? 'hold',
    holdLimit: own.holdLimit ?? general.holdLimit ?? DEFAULT_HOLD_LIMIT,
    newerVersionLimitMs: own.newerVersionLimitMs ?? general.newerVersionLimitMs ?? DEFAULT_NEWER_VERSION_LIMIT_MS,
    batchSize: 'handleBatch' in declaration.handlerClass ? (own.batchSize ?? DEFAULT_BATCH) : undefined,
    allowedSources: own.allowedSources,
    concurrency: own.concurrency,
    maxPerSecond: own.maxPerSecond,
    startAt: own.startAt,
  }
}

function runLimitsOf(
  own: HandlingOptions,
  general: HandlingOptions,
  at: string
): Pick<HandlerLink, 'maxStarts' | 'timeoutMs'> {
  const limits = {
    maxStarts: own.maxStarts ?? general.maxStarts ?? DEFAULT_MAX_STARTS,
    timeoutMs: own.timeoutMs ?? general.timeoutMs,
  }
  checkRuns(limits, at)
  return limits
}

function defined<T extends object>(options: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>
}

function unique(addresses: readonly string[]): string[] {
  return [...new Set(addresses)]
}
