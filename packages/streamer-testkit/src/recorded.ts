import { readFileSync } from 'node:fs'
import { StreamerError, withMetadata } from '@boostercloud/streamer-connector'
import type { EventMetadata } from '@boostercloud/streamer-connector'

const METADATA = [
  'id',
  'type',
  'version',
  'source',
  'subject',
  'key',
  'time',
  'correlationId',
  'causationId',
  'traceparent',
  'tracestate',
  'headers',
] as const satisfies readonly (keyof EventMetadata)[]

/**
 * Events of a file as `boost-streamers tail ADDRESS --json` writes it: one JSON object a line, with `payload` and what came beside it.
 * Throws `OPTION_INVALID`, naming the line, for anything else.
 */
export function recordedEvents(file: string): object[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [recordedEvent(line, `${file}:${index + 1}`)]))
}

function recordedEvent(line: string, at: string): object {
  let recorded: Record<string, unknown>
  try {
    recorded = JSON.parse(line) as Record<string, unknown>
  } catch (cause) {
    throw notRecorded('is not JSON', at, cause)
  }
  const { payload } = recorded
  if (typeof payload !== 'object' || payload === null) throw notRecorded('has no payload that is an object', at)
  const known = METADATA.filter((name) => recorded[name] !== undefined).map((name) => [name, recorded[name]])
  return withMetadata(payload, Object.fromEntries(known) as EventMetadata)
}

function notRecorded(what: string, at: string, cause?: unknown): StreamerError {
  return new StreamerError('OPTION_INVALID', `A line of recorded events ${what}.`, {
    at,
    hint: 'Record them with boost-streamers tail ADDRESS --json.',
    cause,
  })
}
