import type { Timer } from '@boostercloud/streamers/state'
import { inOrder, timerKey } from './keys'
import type { Row } from './rows'

/** A timer: in the index by place it stands at the time when it is due, in the one by lane at the time when its delay was set. */
export interface TimerRow extends Row, Omit<Timer, 'content' | 'key'> {
  readonly place: number
  readonly lane?: string
  readonly orderedBy?: string
}

/** A timer as its row. */
export function timerRow({ content, key, ...timer }: Timer): TimerRow {
  const lane = timer.delayMs === undefined ? undefined : inOrder(Math.max(0, timer.setAt))
  return { ...timer, ...timerKey(timer.handler, timer.name), place: timer.dueAt, lane, orderedBy: key, bytes: content }
}

/** A row, its bytes read, as a timer. */
export function toTimer(row: TimerRow): Timer {
  const { handler, name, id, dueAt, setAt, delayMs, orderedBy, bytes = new Uint8Array() } = row
  return { handler, name, id, dueAt, setAt, delayMs, key: orderedBy, content: bytes }
}
