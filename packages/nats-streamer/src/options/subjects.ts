import { StreamerError } from '@boostercloud/streamer-connector'

/** Where the topic stands in the option `subject`. */
export const TOPIC = '{topic}'

/** What may not stand in a subject, and `%`, by which it is written. */
const FORBIDDEN = /[\s*>%\p{Cc}]/u
const EACH_FORBIDDEN = /[\s*>%\p{Cc}]/gu

/** A subject without wildcards, as it may be published to. */
export function subjectToPublish(template: string, topic: string): string {
  return template.replace(TOPIC, () => checked(topic, topic.split('.').map(escape).join('.')))
}

/**
 * A subject to read from: a part of the topic that is `*`, and a last part that is `>`, are the wildcards that they are in NATS.
 *
 * Throws `ADDRESS_MALFORMED` for a topic with an empty part.
 */
export function subjectToRead(template: string, topic: string): string {
  const parts = topic.split('.')
  const subject = parts.map((part, index) => (isWildcard(part, index === parts.length - 1) ? part : escape(part)))
  return template.replace(TOPIC, () => checked(topic, subject.join('.')))
}

/** The subjects that a stream needs for topics: all that the template can make where it ends with the topic, else one each. */
export function subjectsOfStream(template: string, topics: readonly string[]): string[] {
  if (template !== TOPIC && template.endsWith(`.${TOPIC}`)) return [template.replace(TOPIC, '>')]
  return topics.map((topic) => subjectToRead(template, topic))
}

/** Whether every subject that the second one matches is matched by the first. */
export function covers(pattern: string, subject: string): boolean {
  const [wide, narrow] = [pattern.split('.'), subject.split('.')]
  for (const [index, part] of wide.entries()) {
    if (part === '>') return narrow.length > index
    if (narrow[index] === undefined || narrow[index] === '>') return false
    if (part !== '*' && part !== narrow[index]) return false
  }
  return wide.length === narrow.length
}

function isWildcard(part: string, isLast: boolean): boolean {
  return part === '*' || (part === '>' && isLast)
}

/** Percent-encoding (RFC 3986 §2.1) of what a subject cannot have. Two topics never become one subject. */
function escape(part: string): string {
  if (!FORBIDDEN.test(part)) return part.startsWith('$') ? `%24${part.slice(1)}` : part
  const escaped = part.replace(EACH_FORBIDDEN, (character) =>
    Array.from(Buffer.from(character, 'utf8'), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(
      ''
    )
  )
  return escaped.startsWith('$') ? `%24${escaped.slice(1)}` : escaped
}

function checked(topic: string, subject: string): string {
  if (subject.split('.').every((part) => part !== '')) return subject
  throw new StreamerError('ADDRESS_MALFORMED', `The topic '${topic}' cannot be a NATS subject: it has an empty part.`, {
    at: topic,
    hint: "Remove the dot that is its first or last character, or that follows another one; 'blog.posts' is valid.",
  })
}
