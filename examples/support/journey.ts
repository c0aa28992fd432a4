/** An event that went from one program to another, as the receiver tells it. */
export interface Journey {
  readonly id?: string
  /** What it is about. */
  readonly subject: string
  readonly from: string
  readonly address: string
  readonly to: string
  readonly ms: number
}

/** Hands on the journey that a line of a service's output tells, and says whether it told one. */
export function readJourney(line: string, onJourney?: (journey: Journey) => void): boolean {
  if (!line.startsWith('{"journey":')) return false
  onJourney?.((JSON.parse(line) as { journey: Journey }).journey)
  return true
}
