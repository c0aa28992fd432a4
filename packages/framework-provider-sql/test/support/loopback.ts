import { Server, createServer } from 'node:net'

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

/** A port of 127.0.0.1 that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, LOOPBACK, () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port.'))
      )
    })
  })
}
