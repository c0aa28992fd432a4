import { StreamerError } from '@boostercloud/streamer-connector'
import type { Compatibility } from './compatibility'

/** Where a schema was refused. */
export interface RefusedAt {
  readonly subject: string
  readonly compatibility: Compatibility
}

/** Characters of what a registry says that are passed on: some quote whole schemas. */
const MAX_REASON = 600

const ASKS: Readonly<Record<'BACKWARD' | 'FORWARD' | 'FULL' | 'NONE', string>> = {
  BACKWARD: 'the new schema must read what was written with',
  FORWARD: 'what is written with the new schema must be read with',
  FULL: 'each of both must read what is written with the other, with',
  NONE: 'nothing is asked with',
}

/** A new version that does not fit the older ones: which subject, what is asked of it, and what breaks that. */
export function incompatibleSchema(text: string, { subject, compatibility }: RefusedAt): StreamerError {
  const [kind, transitive] = compatibility.split('_') as [keyof typeof ASKS, string?]
  const which = transitive === undefined ? 'the newest version' : 'every version'
  return new StreamerError(
    'EVENT_NOT_ENCODABLE',
    `The schema registry refuses a version of the subject '${subject}' that is not ${compatibility} compatible: ${reasonIn(text)}.`,
    {
      at: subject,
      hint: `${compatibility}: ${ASKS[kind]} ${which}. Change the schema so that it does, publish it under another subject, or change what the subject asks.`,
      cause: text.slice(0, 2_000),
    }
  )
}

/** What the registry cannot read as a schema. */
export function invalidSchema(text: string, subject: string): StreamerError {
  const what = `The schema registry refuses the schema for the subject '${subject}' as not valid: ${reasonIn(text)}.`
  return new StreamerError('EVENT_NOT_ENCODABLE', what, {
    at: subject,
    hint: 'Fix the schema. Schemas that it refers to must be registered before it.',
    cause: text.slice(0, 2_000),
  })
}

/** What breaks, in the registry's words: Confluent's descriptions, Apicurio's causes, else its whole message. */
function reasonIn(text: string): string {
  const message = messageIn(text)
  const described = [...message.matchAll(/description:\s*(['"])(.*?)\1,\s*additionalInfo/gs)].map(([, , one]) => one)
  const [, causes] = /\bCauses: (.+)$/s.exec(message) ?? []
  const reason = (described.length > 0 ? described.join('; ') : (causes ?? message)).replace(/\s+/g, ' ').trim()
  const short = reason.length > MAX_REASON ? `${reason.slice(0, MAX_REASON)}…` : reason
  return short.replace(/\.$/, '') || 'it does not say why'
}

function messageIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { readonly message?: unknown }
    return typeof message === 'string' ? message : text
  } catch {
    return text
  }
}
