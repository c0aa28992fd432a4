import { startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import { isStreamerError } from '@boostercloud/streamer-connector'

/** Works with a PostgreSQL server that runs for as long, or with the reason why there is none. */
export async function withPostgres<T>(work: (postgres: Server | string) => Promise<T>): Promise<T> {
  const server = await startServer('postgres').catch((error: unknown) => {
    if (isStreamerError(error, 'PACKAGE_MISSING')) return error.message
    throw error
  })
  try {
    return await work(server)
  } finally {
    if (typeof server !== 'string') await server.stop()
  }
}
