import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below those that systems give to outgoing connections: one of those might be taken before a service listens on it. */
const FIRST = 20_000
const BEYOND = 32_000

/** Free ports of 127.0.0.1, all different. */
export async function freePorts(count) {
  const servers = []
  try {
    while (servers.length < count) servers.push(await listen())
    return servers.map((server) => server.address().port)
  } finally {
    await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))))
  }
}

/** Listens on a port that is free, whichever. */
async function listen() {
  for (;;) {
    const server = await listenOn(randomInt(FIRST, BEYOND)).catch(unlessTaken)
    if (server) return server
  }
}

function listenOn(port) {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

function unlessTaken(error) {
  if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error
}
