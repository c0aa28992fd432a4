import { randomBytes } from 'node:crypto'

/** A hand-out: it counts in its session, as SQS has no order. */
export interface Position {
  readonly session: string
  readonly count: number
}

/** A name for a session that no other has, of this process or another. */
export function newSession(): string {
  return randomBytes(8).toString('hex')
}

const FORM = /^([0-9a-f]{16}):([1-9][0-9]{0,15})$/

/** A position as the ID that `poll` hands out. */
export function formatPosition({ session, count }: Position): string {
  return `${session}:${count}`
}

/** The inverse of {@link formatPosition}; undefined for anything else, which is nobody's. */
export function parsePosition(id: string): Position | undefined {
  const [, session, digits] = FORM.exec(id) ?? []
  return session === undefined ? undefined : { session, count: Number(digits) }
}
