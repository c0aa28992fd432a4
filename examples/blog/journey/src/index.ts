import { metadataOf } from '@boostercloud/streamer-connector'

/** One event's arrival, as the demo reads it from a service's standard output. */
export interface Journey {
  readonly id?: string
  /** The entity's id. */
  readonly subject?: string
  /** The app that stored the event. */
  readonly from?: string
  readonly address: string
  readonly to: string
  /** From the event's being stored to the start of its handler. */
  readonly ms: number
}

/** Prints an event's arrival as a line of JSON, if the demo asks for it. A service needs nothing of this. */
export function showJourney(event: unknown, address: string, to: string): void {
  if (process.env.BLOG_JOURNEY !== '1') return
  const { id, subject, source: from, time } = metadataOf(event) ?? {}
  if (time === undefined) return
  const journey: Journey = { id, subject, from, address, to, ms: Date.now() - Date.parse(time) }
  process.stdout.write(`${JSON.stringify({ journey })}\n`)
}
