import { randomInt } from 'node:crypto'
import { mkdir, open, stat, unlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/**
 * From here on `fetch` and browsers refuse no port: 10080 is the last one (https://fetch.spec.whatwg.org/#port-blocking).
 * @internal
 */
export const FIRST = 10_081
/** Below those that systems give to outgoing connections: one of those might be taken before a server listens on it. */
const BEYOND = 32_000
/** Milliseconds for which a port is nobody else's after it was given: as long as a server may take to listen on it. */
const KEPT_MS = 300_000

/**
 * A port of 127.0.0.1 on which nobody listens at this moment. It is chosen at random, no outgoing connection takes it, and it is given to nobody
 * else who asks here in the next five minutes, in whichever process of this user: servers may be started on it a while later.
 * @public
 */
export async function freePort(): Promise<number> {
  const folder = join(tmpdir(), `booster-streamers-ports-${userInfo().uid}`)
  await mkdir(folder, { recursive: true })
  for (;;) {
    const port = randomInt(FIRST, BEYOND)
    if ((await isKept(join(folder, String(port)))) && (await isFree(port))) return port
  }
}

/** Whether the file says from now on that the port is this caller's. */
async function isKept(file: string): Promise<boolean> {
  try {
    await (await open(file, 'wx')).close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  // The next one who draws it has it, if it is given away no more: two may see that at once.
  const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Date.now() }))
  if (Math.abs(Date.now() - mtimeMs) > KEPT_MS) await unlink(file).catch(() => undefined)
  return false
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
