import { Server } from 'node:net'

const LOOPBACK = '127.0.0.1'

/** Has whatever listens on a port in this process listen on 127.0.0.1 only, where Booster would take every interface. */
export function listenOnLoopback(): void {
  const listen = Server.prototype.listen as (this: Server, ...args: unknown[]) => Server
  Server.prototype.listen = function (this: Server, first: unknown, ...rest: unknown[]): Server {
    const isPort = typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))
    return isPort && typeof rest[0] !== 'string'
      ? listen.call(this, Number(first), LOOPBACK, ...rest)
      : listen.call(this, first, ...rest)
  } as typeof Server.prototype.listen
}
