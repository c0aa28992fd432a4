import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { RawHeader, RawRecord } from './raw-record'

/** A record that nobody expects, and what may become of it. */
export interface HostileRecord {
  /** What is wrong with it. */
  readonly name: string
  readonly record: RawRecord
  /** Whether it can be nothing but a dead letter. Otherwise it is that, or the event that it is. */
  readonly isNone: boolean
  /** Throws where an event is not what the record is. */
  readonly check: (event: ExternalEvent) => void
}

export const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8')
export const NOT_UTF8 = Buffer.of(0xff, 0xfe, 0x00, 0x80)
export const JSON_TYPE = 'application/json'
export const STRUCTURED = 'application/cloudevents+json'
export const attributes = (of: Readonly<Record<string, string>>): RawHeader[] =>
  Object.entries({ specversion: '1.0', ...of }).map(([name, value]) => [name, bytes(value)])

/** By its name in its body, a record is told from the others. */
export const bodyOf = (name: string): Uint8Array => bytes(JSON.stringify({ hostile: name }))

type Parts = Partial<RawRecord>

const nothing = (): void => undefined

/** A record with a body of its own: a dead letter, or an event. */
export function odd(name: string, parts: Parts, check: HostileRecord['check'] = nothing): HostileRecord {
  return { name, isNone: false, check, record: { body: bodyOf(name), attributes: [], headers: [], ...parts } }
}

/** A record that no codec reads: a dead letter. */
export function none(name: string, body: Uint8Array | string, parts: Parts = {}): HostileRecord {
  const record = { body: Buffer.from(body as string), attributes: [], headers: [], ...parts }
  return { name, isNone: true, check: nothing, record }
}
