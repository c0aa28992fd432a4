import { randomBytes } from 'node:crypto'

/** A delivery: its tag counts in its channel, so the channel is part of it. */
export interface Position {
  readonly session: string
  readonly tag: number
}

/** A name for a channel that no other channel has, of this process or another. */
export function newSession(): string {
  return randomBytes(8).toString('hex')
}

const FORM = /^([0-9a-f]{16}):([1-9][0-9]{0,15})$/

/** A position as the ID that `poll` hands out. */
export function formatPosition({ session, tag }: Position): string {
  return `${session}:${tag}`
}

/** The inverse of {@link formatPosition}; undefined for anything else, which is nobody's. */
export function parsePosition(id: string): Position | undefined {
  const [, session, digits] = FORM.exec(id) ?? []
  return session === undefined ? undefined : { session, tag: Number(digits) }
}
