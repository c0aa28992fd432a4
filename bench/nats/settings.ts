/** How many events a consumer is given ahead. */
export const AHEAD = 1_000

/** The subject of a topic, whose stream has its name: as the connector has it. */
export function subjectOf(topic: string): string {
  return `${topic}.${topic}`
}
