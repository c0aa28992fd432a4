import type { HandlerCheck } from '@boostercloud/streamers/runtime'
import { printable } from './output'

const CHECKED = {
  schema: 'checked by its schema',
  metadata: "checked by Booster's metadata",
  none: 'not checked',
}

/** A line for each handler: what it takes from where, and by what its events are checked. */
export function handlerLines(checks: readonly HandlerCheck[]): string[] {
  return checks.map(({ address, handler, typeName = 'every type', checkedBy }) =>
    printable(`  ${address} → ${handler}: ${typeName}, ${CHECKED[checkedBy]}`)
  )
}
