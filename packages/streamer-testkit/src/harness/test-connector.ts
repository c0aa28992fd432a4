import { deepStrictEqual } from 'node:assert'
import { StreamerError } from '@boostercloud/streamer-connector'
import { conformanceCases } from '../cases'
import type { ConformanceCase, Room } from './conformance-case'
import type { ConnectorUnderTest } from './connector-under-test'
import type { ConformanceOptions } from './options'
import { runCase } from './run-case'

/** What this file needs of mocha. */
interface MochaContext {
  skip(): never
  timeout(ms: number): void
  readonly test: { title: string }
}
type Define = (title: string, body: (this: MochaContext) => unknown) => void
type Mocha = Record<'describe' | 'it', Define> &
  Record<'before' | 'after', (body: (this: MochaContext) => unknown) => void>

const ROOMS: readonly Room[] = ['publish', 'receive', 'wire', 'life', 'failure']

/**
 * Defines the whole conformance test of a connector with mocha's `describe` and `it`, which are looked up when this is called. A case
 * that the connector or its harness has no means for shows as pending, with `skipped:` and what is missing in its title.
 *
 * Throws `PACKAGE_MISSING` outside of mocha; there, use `runCase`.
 * @public
 */
export function testConnector(
  setUp: () => ConnectorUnderTest | Promise<ConnectorUnderTest>,
  options: ConformanceOptions = {}
): void {
  const { describe, it, before, after } = mocha()
  describe('conformance', () => {
    let harness: ConnectorUnderTest | undefined
    const skipped: string[] = []
    before(async function () {
      this.timeout(0)
      harness = await setUp()
    })
    after(() => harness?.tearDown?.())
    for (const room of ROOMS) {
      describe(room, () => {
        for (const conformanceCase of conformanceCases.filter((each) => each.room === room)) {
          it(conformanceCase.name, async function () {
            const missing = await runInMocha(this, conformanceCase, harness as ConnectorUnderTest, options)
            if (missing === undefined) return
            skipped.push(conformanceCase.name)
            this.test.title += ` (skipped: ${missing})`
            this.skip()
          })
        }
      })
    }
    if (options.skipped) {
      const expected = [...options.skipped].sort()
      describe('skipped', () => {
        it('skips the cases it was said to skip, and no other', () => deepStrictEqual(skipped.sort(), expected))
      })
    }
  })
}

/** Rejects as the case does; resolves with what is missing where it is skipped. */
async function runInMocha(
  context: MochaContext,
  conformanceCase: ConformanceCase,
  harness: ConnectorUnderTest,
  options: ConformanceOptions
): Promise<string | undefined> {
  context.timeout(0)
  const { outcome, missing, error } = await runCase(conformanceCase, harness, options)
  if (outcome === 'failed') throw error
  return outcome === 'skipped' ? missing.join(', ') : undefined
}

function mocha(): Mocha {
  const globals = globalThis as unknown as Partial<Mocha>
  if (globals.describe && globals.it && globals.before && globals.after) return globals as Mocha
  throw new StreamerError(
    'PACKAGE_MISSING',
    'testConnector defines tests with the globals of mocha, and they are missing.',
    {
      hint: 'Call it in a test file that mocha runs, or run the conformanceCases with runCase.',
    }
  )
}
