// The module that Booster asks is changed; an `import` may be a copy of it.
// eslint-disable-next-line @typescript-eslint/no-require-imports
import boosterLogger = require('@boostercloud/framework-common-helpers/dist/logger')
import { keptLoggers } from '../loggers'
import type { GetLogger } from '../loggers'

const KEPT = Symbol.for('@boostercloud/framework-provider-sql/kept-loggers')

/** Booster asks for a logger some fourteen times an event, and makes a new one each time. From now on it makes one for each place. */
export function keepLoggers(): void {
  const module = boosterLogger as { getLogger: GetLogger & { [KEPT]?: true } }
  if (module.getLogger[KEPT]) return
  module.getLogger = Object.assign(keptLoggers(module.getLogger), { [KEPT]: true } as const)
}
