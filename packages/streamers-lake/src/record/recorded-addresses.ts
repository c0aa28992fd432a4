import {
  StreamerError,
  didYouMean,
  isAttachable,
  isDeclaring,
  isPolling,
  parseAddress,
} from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import { nothingToRecord } from './recorder'
import type { RecordedAddress } from './recorder'
import type { RecordOptions } from './recording'

const quiet = (): void => undefined
const say = (message: string, ...details: unknown[]): void =>
  void process.stderr.write(`${[message, ...details.map(String)].join(' ')}\n`)

/** Warnings and errors on standard error. */
export const STANDARD_ERROR: StreamerLogger = { debug: quiet, info: quiet, warn: say, error: say }

/** What is recorded, its streamers told for whom. Throws `OPTION_INVALID`, `STREAMER_UNKNOWN`, `TOPIC_MISSING` or `DELIVERY_UNAVAILABLE`. */
export function recordedAddresses(options: RecordOptions): RecordedAddress[] {
  const { streamers, addresses, appName = 'streamers', environment = 'production', logger = STANDARD_ERROR } = options
  if (addresses.length === 0) throw nothingToRecord()
  const recorded = [...new Set(addresses)].map((address) => recordedAddress(address, streamers))
  for (const [streamerId, connector] of Object.entries(streamers)) {
    if (!isAttachable(connector)) continue
    connector.attach({ streamerId, appName: `${appName}-lake`, environment, logger })
  }
  return recorded
}

function recordedAddress(address: string, streamers: RecordOptions['streamers']): RecordedAddress {
  const { streamerId, topic } = parseAddress(address, 'addresses')
  const connector = Object.hasOwn(streamers, streamerId) ? streamers[streamerId] : undefined
  const known = Object.keys(streamers)
  if (connector === undefined) {
    throw new StreamerError('STREAMER_UNKNOWN', `The address '${address}' names a streamer that is not given.`, {
      at: 'addresses',
      hint: `${didYouMean(streamerId, known)}Given are ${known.map((id) => `'${id}'`).join(', ') || 'none'}.`,
    })
  }
  if (!isPolling(connector)) {
    throw new StreamerError(
      'DELIVERY_UNAVAILABLE',
      `The streamer '${streamerId}' only pushes: it cannot be recorded.`,
      {
        at: address,
        hint: 'Give it a connector that can be polled.',
      }
    )
  }
  return { streamer: streamerId, topic: topicOf(address, topic, connector), connector }
}

function topicOf(address: string, topic: string | undefined, connector: StreamerConnector): string | undefined {
  const capabilities = isDeclaring(connector) ? connector.capabilities : undefined
  const named = topic ?? capabilities?.defaultTopic
  if (named !== undefined || !capabilities?.topicRequired) return named
  throw new StreamerError('TOPIC_MISSING', `The address '${address}' names no topic.`, {
    at: 'addresses',
    hint: `Write '${address}/<topic>'.`,
  })
}
