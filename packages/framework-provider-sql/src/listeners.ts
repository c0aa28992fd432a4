import { Server } from 'node:http'
import { answerOwnNamesOnly } from '@boostercloud/streamer-connector'
import type { OwnNames } from '@boostercloud/streamer-connector'

const HINT = 'Allow further names and pages with config.sqlProvider.http: { hosts: […], origins: […] }.\n'

/**
 * Does something that may begin to listen, and has each HTTP server that does so meanwhile answer its own names and pages only: Booster's local provider
 * makes its servers itself, which would answer anybody.
 */
export function guardListeners<T>(allowed: OwnNames, work: () => T): T {
  const inherited = Object.getOwnPropertyDescriptor(Server.prototype, 'listen')
  const listen = Server.prototype.listen as (this: Server, ...args: unknown[]) => Server
  Object.defineProperty(Server.prototype, 'listen', {
    configurable: true,
    writable: true,
    value(this: Server, ...args: unknown[]): Server {
      answerOwnNamesOnly(this, allowed, HINT)
      return listen.apply(this, args)
    },
  })
  try {
    return work()
  } finally {
    if (inherited) Object.defineProperty(Server.prototype, 'listen', inherited)
    else Reflect.deleteProperty(Server.prototype, 'listen')
  }
}
