import { DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream'
import type { StreamConfig } from '@nats-io/jetstream'
import { StreamerError } from '@boostercloud/streamer-connector'
import { covers } from '../options'
import type { NatsStreamerSettings } from '../options'

type Settings = Pick<NatsStreamerSettings, 'stream' | 'storage' | 'ordering' | 'declare' | 'retention'>
/** Why something cannot be, if so, and what to do about it. */
type Refusal = readonly [isSo: boolean, what: string, hint: string]

/**
 * Throws `OPTION_INVALID` where a stream would lose events without a word, or cannot be what the streamer's capabilities say: one in memory that is
 * to be on disk; to publish to, one that acknowledges nothing, or takes nothing.
 */
export function assertUsable(config: StreamConfig, settings: Settings, use: 'publish' | 'read'): void {
  const { stream, storage, declare, ordering } = settings
  refuse(stream, [
    [
      config.storage === StorageType.Memory && storage !== 'memory',
      'The stream is in memory: its events do not survive the server',
      "Give NatsStreamer.with storage: 'memory', so that its capabilities say so, or create the stream again with file storage.",
    ],
    [
      config.mirror !== undefined && (declare || use === 'publish'),
      'The stream is a mirror, which has no subjects and accepts no events',
      'Give NatsStreamer.with declare: false to read it, and publish to the stream that it mirrors.',
    ],
  ])
  if (use === 'publish') assertTakesEvents(config, stream)
  else if (ordering === 'key') assertKeepsEvents(config, stream)
  else assertSharedKnowingly(config, settings)
}

/** Throws `OPTION_INVALID` where a stream does not keep its events for whoever comes later: then only a durable consumer gets them. */
export function assertKeepsEvents({ retention }: StreamConfig, stream: string): void {
  refuse(stream, [
    [
      retention === RetentionPolicy.Interest,
      'The stream keeps events only for consumers that exist when they are published (retention: interest), so a service that is away loses them',
      "Give NatsStreamer.with ordering: 'none' and declare: false, so that a durable consumer reads it, or create the stream again with retention: limits.",
    ],
    [
      retention === RetentionPolicy.Workqueue,
      'The stream deletes events when one consumer has acknowledged them (retention: workqueue), so it cannot be read without acknowledging',
      "Give NatsStreamer.with ordering: 'none' and declare: false, so that a durable consumer reads it, or create the stream again with retention: limits.",
    ],
  ])
}

/** What an operator should know of a stream that may be used. */
export function warningsOf(config: StreamConfig, settings: Settings, subject: string): string[] {
  const warnings = [ofLimits(config, settings), ofTransform(config, subject), ofIdleConsumers(config, settings)]
  return warnings.filter((warning): warning is string => warning !== undefined)
}

/** Limits by which a stream deletes events that nobody may have read, as far as the options do not ask for that. */
function ofLimits(config: StreamConfig, { stream, retention }: Settings): string | undefined {
  const limits: readonly (readonly [name: string, value: number, asked: number | undefined])[] = [
    ['max_age', config.max_age / 1e9, retention.maxAgeMs],
    ['max_msgs', config.max_msgs, retention.maxEvents],
    ['max_bytes', config.max_bytes, retention.maxBytes],
    ['max_msgs_per_subject', config.max_msgs_per_subject, undefined],
  ]
  const unasked = limits.filter(([, value, asked]) => value > 0 && asked === undefined)
  if (config.discard !== DiscardPolicy.Old || unasked.length === 0) return undefined
  const shown = unasked.map(([name, value]) => `${name} ${value}${name === 'max_age' ? ' s' : ''}`).join(', ')
  return `The stream '${stream}' deletes its oldest events, even if nobody has read them (${shown}); the options of NatsStreamer do not say so.`
}

function ofTransform({ name, subject_transform: transform }: StreamConfig, subject: string): string | undefined {
  if (transform === undefined) return undefined
  const { src = '', dest } = transform
  const from = src === '' ? '>' : src
  if (!covers(from, subject)) return undefined
  return `The stream '${name}' stores what is published to '${subject}' under another subject (${from} to ${dest}).`
}

function ofIdleConsumers(
  { consumer_limits: limits }: StreamConfig,
  { stream, ordering }: Settings
): string | undefined {
  if (ordering === 'key' || !limits?.inactive_threshold) return undefined
  return `The stream '${stream}' forgets consumers that nobody reads from (inactive_threshold): a service that is away for that long starts again.`
}

function assertTakesEvents(config: StreamConfig, stream: string): void {
  refuse(stream, [
    [
      config.no_ack === true,
      'The stream does not acknowledge anything (no_ack), so it is not known whether it has an event',
      'Switch no_ack off, or publish to another stream.',
    ],
    [config.sealed, 'The stream is sealed: it no longer accepts events', 'Publish to another stream.'],
  ])
}

/** Where the streamer is to make the stream, its capabilities say that old events can be read again. */
function assertSharedKnowingly({ retention }: StreamConfig, { stream, declare }: Settings): void {
  refuse(stream, [
    [
      declare && retention !== RetentionPolicy.Limits,
      `The stream deletes events that are acknowledged (retention: ${retention}), so they cannot be read again`,
      'Give NatsStreamer.with declare: false, so that its capabilities say so, or create the stream again with retention: limits.',
    ],
  ])
}

function refuse(at: string, refusals: readonly Refusal[]): void {
  const [, what, hint] = refusals.find(([isSo]) => isSo) ?? []
  if (what !== undefined) throw new StreamerError('OPTION_INVALID', `${what}.`, { at, hint })
}
