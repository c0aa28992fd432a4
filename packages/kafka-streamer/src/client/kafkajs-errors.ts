import { StreamerError, causeHint, isStreamerError } from '@boostercloud/streamer-connector'

/** What kafkajs throws, as far as it is looked at. */
interface Thrown {
  readonly name?: string
  readonly type?: string
  readonly message?: string
  readonly cause?: unknown
  readonly errors?: readonly unknown[]
}

/** Errors of one record or of its batch that sending it again would not help. https://kafka.apache.org/protocol#protocol_error_codes */
const REFUSALS = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
])

const BAD_TOPIC = new Set(['INVALID_TOPIC_EXCEPTION', 'INVALID_REPLICATION_FACTOR'])
const BAD_GROUP = new Set(['INCONSISTENT_GROUP_PROTOCOL', 'GROUP_MAX_SIZE_REACHED', 'INVALID_GROUP_ID'])

/** The chain of what lay beneath, from the outermost. */
function* chainOf(thrown: unknown): Generator<Thrown> {
  for (
    let each = thrown as Thrown | undefined, depth = 0;
    each !== undefined && each !== null && depth < 10;
    depth += 1
  ) {
    yield each
    each = (each.cause ?? each.errors?.[0]) as Thrown | undefined
  }
}

/** The protocol's name of an error. */
export function typeOf(thrown: unknown): string | undefined {
  for (const { type } of chainOf(thrown)) if (type !== undefined) return type
  return undefined
}

/** Whether a broker refused records for what they are. */
export function isRefusal(thrown: unknown): boolean {
  return REFUSALS.has(typeOf(thrown) ?? '')
}

/** What a rejection is about. */
export interface Concerned {
  readonly topic?: string
  readonly groupId?: string
}

/** A rejection of kafkajs in our words. */
export function streamerError(thrown: unknown, { topic, groupId }: Concerned): StreamerError {
  const ours = [...chainOf(thrown)].find((each) => isStreamerError(each))
  if (isStreamerError(ours)) return ours
  const type = typeOf(thrown)
  const names = [...chainOf(thrown)].map(({ name }) => name)
  const reason = reasonOf(thrown)
  const group = groupId && `group ${groupId}`
  const at = topic === undefined ? group : `topic ${topic}`
  if (type?.endsWith('AUTHORIZATION_FAILED')) return forbidden(reason, resourceOf(type, topic, groupId), thrown)
  if (names.includes('KafkaJSSASLAuthenticationError')) return forbidden(reason, 'sasl', thrown)
  if (type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE') {
    return new StreamerError('EVENT_TOO_LARGE', `Kafka refused an event: ${reason}`, {
      at,
      hint: "Lower the streamer's maxEventBytes, or raise the topic's max.message.bytes.",
      cause: thrown,
    })
  }
  if (isRefusal(thrown)) {
    return new StreamerError('EVENT_NOT_ENCODABLE', `Kafka refused an event: ${reason}`, {
      at,
      hint: 'Check what the topic requires of its records: validation, timestamps, a key.',
      cause: thrown,
    })
  }
  return unavailable(reason, at, { type, topic, cause: thrown })
}

/** Nothing here ever makes a topic by asking for it: it would be made with the broker's defaults before whoever runs it can choose others. */
function topicAbsent(topic: string, cause: unknown): StreamerError {
  return new StreamerError('STREAMER_UNAVAILABLE', `Kafka has no topic '${topic}', or this user may not see it.`, {
    at: `topic ${topic}`,
    hint: `Create it: kafka-topics.sh --create --topic ${topic}, or KafkaStreamer's provision(['${topic}']). No restart is needed.`,
    retryable: true,
    cause,
  })
}

function unavailable(
  reason: string,
  at: string | undefined,
  { type, topic, cause }: { readonly type?: string; readonly topic?: string; readonly cause: unknown }
): StreamerError {
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION' && topic !== undefined) return topicAbsent(topic, cause)
  const fixes = BAD_GROUP.has(type ?? '')
    ? 'Give the service its own consumer.groupId: other programs share this one, or it is full.'
    : BAD_TOPIC.has(type ?? '')
      ? 'Give the topic a name and a replication factor that this cluster accepts.'
      : causeHint(cause, 'Check that the brokers run and can be reached from here.')
  return new StreamerError('STREAMER_UNAVAILABLE', `Kafka: ${reason}`, {
    at,
    hint: fixes,
    retryable: true,
    cause,
  })
}

function forbidden(reason: string, resource: string, cause: unknown): StreamerError {
  return new StreamerError('STREAMER_FORBIDDEN', `Kafka refused access to ${resource}: ${reason}`, {
    at: resource,
    hint:
      resource === 'sasl'
        ? 'Correct user, password and mechanism in the option sasl: the brokers do not accept them.'
        : 'Give the user of this program the right to it (an ACL), or correct the option sasl.',
    cause,
  })
}

function resourceOf(type: string, topic?: string, groupId?: string): string {
  if (type.startsWith('GROUP')) return `group ${groupId ?? ''}`.trim()
  if (type.startsWith('TOPIC')) return `topic ${topic ?? ''}`.trim()
  return 'the cluster'
}

/** The innermost words: kafkajs wraps what happened in how often it tried. */
function reasonOf(thrown: unknown): string {
  const messages = [...chainOf(thrown)].map(({ message }) => message).filter(Boolean)
  return messages.at(-1) ?? String(thrown)
}
