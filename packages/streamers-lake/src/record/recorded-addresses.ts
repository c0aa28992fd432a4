import {
  StreamerError,
  didYouMean,
  isAttachable,
  isCopyable,
  isDeclaring,
  isPolling,
  parseAddress,
} from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import { nothingToRecord } from './recorder'
import type { RecordedAddress } from './recorded-address'
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
  const copies = new Map<StreamerConnector, StreamerConnector>()
  return [...new Set(addresses)].map((address) => {
    const recorded = recordedAddress(address, streamers)
    const { connector: given, streamer: streamerId } = recorded
    const known = copies.get(given)
    const connector = known ?? (isCopyable(given) ? given.copyFor('lake') : given)
    if (known === undefined) {
      copies.set(given, connector)
      if (isAttachable(connector)) connector.attach({ streamerId, appName: `${appName}-lake`, environment, logger })
    }
    if (!isPolling(connector)) throw onlyPushes(streamerId, address)
    return { ...recorded, connector, isOwn: connector !== given }
  })
}

/** Throws `OPTION_INVALID` for a streamer whose events a recorder would take from the handlers of its service. */
export function requireCopies({ streamers, addresses }: Pick<RecordOptions, 'streamers' | 'addresses'>): void {
  for (const address of addresses) {
    const { streamerId } = parseAddress(address, 'addresses')
    if (!Object.hasOwn(streamers, streamerId) || isCopyable(streamers[streamerId])) continue
    throw new StreamerError(
      'OPTION_INVALID',
      `The streamer '${streamerId}' cannot be recorded inside of its service: its connector makes no second one of itself (copyFor).`,
      {
        at: address,
        hint: 'Record it by a process of its own: boost-streamers lake record. Or leave its addresses out of the topics of Lake.with.',
      }
    )
  }
}

function recordedAddress(address: string, streamers: RecordOptions['streamers']): Omit<RecordedAddress, 'isOwn'> {
  const { streamerId, topic } = parseAddress(address, 'addresses')
  const connector = Object.hasOwn(streamers, streamerId) ? streamers[streamerId] : undefined
  const known = Object.keys(streamers)
  if (connector === undefined) {
    throw new StreamerError('STREAMER_UNKNOWN', `The address '${address}' names a streamer that is not given.`, {
      at: 'addresses',
      hint: `${didYouMean(streamerId, known)}Given are ${known.map((id) => `'${id}'`).join(', ') || 'none'}.`,
    })
  }
  if (!isPolling(connector)) throw onlyPushes(streamerId, address)
  return { streamer: streamerId, topic: topicOf(address, topic, connector), connector }
}

function onlyPushes(streamerId: string, address: string): StreamerError {
  return new StreamerError('DELIVERY_UNAVAILABLE', `The streamer '${streamerId}' only pushes: it cannot be recorded.`, {
    at: address,
    hint: 'Give it a connector that can be polled.',
  })
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
