import { Server } from 'node:net'
import type { ListenOptions } from 'node:net'

const LOOPBACK = '127.0.0.1'

/**
 * Makes everything in this process that listens without saying where listen on 127.0.0.1 only: Booster's local provider would
 * listen on every interface of the machine. What names a host, a path or a handle is left alone. Answers how to undo it.
 */
export function listenOnLoopback(): () => void {
  const inherited = Object.getOwnPropertyDescriptor(Server.prototype, 'listen')
  if (!inherited) return () => undefined
  const listen = inherited.value as (this: Server, ...args: unknown[]) => Server
  Object.defineProperty(Server.prototype, 'listen', {
    ...inherited,
    value: function (this: Server, ...args: unknown[]): Server {
      return listen.apply(this, onLoopback(args))
    },
  })
  return () => Object.defineProperty(Server.prototype, 'listen', inherited)
}

/** The arguments of `listen` with the host filled in. */
export function onLoopback(args: readonly unknown[]): unknown[] {
  const [first, second, ...rest] = args
  if (isPort(first)) return typeof second === 'string' ? [...args] : [first, LOOPBACK, second, ...rest].filter(isGiven)
  if (isOptions(first) && first.port !== undefined && first.host === undefined && first.path === undefined) {
    return [{ ...first, host: LOOPBACK }, second, ...rest].filter(isGiven)
  }
  return [...args]
}

function isPort(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))
}

function isOptions(value: unknown): value is ListenOptions {
  return typeof value === 'object' && value !== null && !('fd' in value)
}

function isGiven(value: unknown): boolean {
  return value !== undefined
}
