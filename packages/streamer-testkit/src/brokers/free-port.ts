import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below those that systems give to outgoing connections: one of those might be taken before a server listens on it. */
const FIRST = 10_000
const BEYOND = 32_000

/**
 * A port of 127.0.0.1 on which nobody listens at this moment. It is chosen at random, and no outgoing connection takes it, so that
 * several processes may ask for ports at the same time and start servers on them a while later.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, BEYOND)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', ({ code, ...error }: NodeJS.ErrnoException) =>
      code === 'EADDRINUSE' || code === 'EACCES' ? resolve(false) : reject(Object.assign(new Error(code), error))
    )
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
