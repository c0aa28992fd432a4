import type { ExternalEvent } from '@boostercloud/streamers'
import type { ParkedEvent } from '@boostercloud/streamers/state'
import pc from 'picocolors'
import { print, printable } from '../terminal/output'

/** An event that the state keeps for a handler: parked, or a dead letter. */
export interface KeptEvent {
  /** What commands name it by. */
  readonly place: string
  readonly letter: ParkedEvent
  readonly event: ExternalEvent
}

/** What a list shows of a kept event. No payload. */
export function summaryOfKept({ place, letter, event }: KeptEvent): Record<string, unknown> {
  const { name, message, code } = letter.cause ?? {}
  return {
    place,
    address: letter.address,
    handler: letter.handler,
    type: event.metadata?.type,
    key: letter.key,
    source: letter.source,
    id: letter.id,
    attempts: letter.attempts,
    firstAt: isoOf(letter.firstAt),
    lastAt: isoOf(letter.lastAt),
    cause: { name, message, code },
  }
}

/** What is known of it beside its summary. Payload and original bytes only if asked for. */
export function detailsOfKept({ letter, event }: KeptEvent, withPayload: boolean): Record<string, unknown> {
  const { raw, headers, time, version, correlationId, causationId, traceparent } = event.metadata ?? {}
  return {
    cause: letter.cause,
    position: event.eventId,
    time,
    version,
    correlationId,
    causationId,
    traceparent,
    headers,
    ...(withPayload ? { payload: event.eventPayload, raw: raw && Buffer.from(raw).toString('base64') } : {}),
  }
}

/** Prints each member that is there, a line or more for each. */
export async function printDetails(details: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, value] of Object.entries(details)) {
    if (value !== undefined) await print(`${pc.bold(name)}: ${textOf(value)}`)
  }
}

/** A time as everybody reads it. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}

/** A text as it is, with the ends of its lines; anything else as JSON. */
function textOf(value: unknown): string {
  if (typeof value === 'object')
    return Object.entries(value as object)
      .map(([name, one]) => `\n  ${printable(name)}: ${textOf(one).replaceAll('\n', '\n  ')}`)
      .join('')
  return String(value).split('\n').map(printable).join('\n  ')
}
