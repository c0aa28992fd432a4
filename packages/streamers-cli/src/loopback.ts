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
    value(this: Server, ...args: unknown[]): Server {
      return listen.apply(this, onLoopback(args))
    },
  })
  return () => Object.defineProperty(Server.prototype, 'listen', inherited)
}

/**
 * The arguments of `listen` with the host filled in where they name none: a port, options with a port, or nothing at all, which is any
 * free port. Node takes an empty host for every interface.
 */
export function onLoopback(args: readonly unknown[]): unknown[] {
  const [first, second, ...rest] = args
  if (isAbsent(first)) return [0, LOOPBACK, ...args.slice(1)].filter(isGiven)
  if (typeof first === 'function') return [0, LOOPBACK, ...args]
  if (isPort(first)) return [first, ...withHost(second), ...rest].filter(isGiven)
  if (isOptions(first) && namesPort(first) && !first.host) {
    return [{ ...first, port: first.port ?? 0, host: LOOPBACK }, second, ...rest].filter(isGiven)
  }
  return [...args]
}

/** The host, and what stood in its place if it was something else. */
function withHost(second: unknown): unknown[] {
  if (typeof second === 'string') return [second === '' ? LOOPBACK : second]
  return [LOOPBACK, isAbsent(second) ? undefined : second]
}

function namesPort(options: ListenOptions): boolean {
  return 'port' in options && options.path === undefined
}

function isPort(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))
}

function isOptions(value: unknown): value is ListenOptions {
  return typeof value === 'object' && value !== null && !('fd' in value)
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

function isGiven(value: unknown): boolean {
  return value !== undefined
}
