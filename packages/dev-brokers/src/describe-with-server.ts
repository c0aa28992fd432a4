import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import type { BrokerName } from './kinds'
import { startServer } from './start-server'
import type { Server, ServerOptions } from './server'

/** What this file needs of mocha. */
interface Hook {
  timeout(ms: number): void
  skip(): never
  readonly test: { readonly parent: { title: string } }
}
interface Mocha {
  describe(title: string, body: () => void): void
  before(body: (this: Hook) => Promise<void>): void
  after(body: (this: Hook) => Promise<void>): void
}

/**
 * Tests that need a real server, for mocha: one is started before them and stopped after them; they ask for it with the function that they are
 * given. Where none can be had they are skipped, and their title says why; with `CI=true` that is a failure.
 * @public
 */
export function describeWithServer(
  name: BrokerName,
  tests: (server: () => Server) => void,
  options: ServerOptions = {}
): void {
  const { describe, before, after } = mocha()
  describe(`with ${name}`, () => {
    let server: Server | undefined
    before(async function () {
      this.timeout(0)
      try {
        server = await startServer(name, options)
      } catch (error) {
        if (!isStreamerError(error, 'PACKAGE_MISSING') || process.env.CI === 'true') throw error
        this.test.parent.title += ` (skipped: ${error.message})`
        this.skip()
      }
    })
    after(async function () {
      this.timeout(0)
      await server?.stop()
    })
    tests(() => {
      if (server) return server
      throw new StreamerError('CLOSED', `The server runs while the tests do, not while they are defined.`)
    })
  })
}

function mocha(): Mocha {
  const globals = globalThis as unknown as Partial<Mocha>
  if (globals.describe && globals.before && globals.after) return globals as Mocha
  throw new StreamerError('PACKAGE_MISSING', 'describeWithServer defines tests with the globals of mocha.', {
    hint: 'Call it in a test file that mocha runs, or use startServer.',
  })
}
