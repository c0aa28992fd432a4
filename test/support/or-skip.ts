import { isStreamerError } from '@boostercloud/streamer-connector'
import { ToolMissing } from '../../examples/support/languages/tools'

/** Does what tests need; they are skipped, and their title says why, where this machine lacks something. In CI that is a failure. */
export async function orSkip(hook: Mocha.Context, prepare: () => Promise<unknown>): Promise<void> {
  try {
    await prepare()
  } catch (error) {
    const missing = missingIn(error)
    if (missing === undefined || process.env.CI === 'true') throw error
    hook.test!.parent!.title += ` (skipped: ${missing})`
    hook.skip()
  }
}

/** What is missing on this machine, in words, if that is why something was refused. */
function missingIn(error: unknown): string | undefined {
  return error instanceof ToolMissing || isStreamerError(error, 'PACKAGE_MISSING')
    ? (error as Error).message
    : undefined
}
