import { createInterface } from 'node:readline/promises'
import { StreamerError } from '@boostercloud/streamer-connector'

/**
 * Asks whether something is to be done that cannot be undone; `yes` answers for whoever would be asked. Throws `OPTION_INVALID` where there is
 * nobody to ask: `what` says then what it would do, as `Discarding forgets events for good`, and `at` which command it is.
 */
export async function confirmed(
  question: string,
  { yes, what, at }: { readonly yes?: boolean; readonly what: string; readonly at: string }
): Promise<boolean> {
  if (yes) return true
  if (!process.stdin.isTTY) {
    throw new StreamerError('OPTION_INVALID', `${what}, and there is nobody to ask.`, { at, hint: 'Add --yes.' })
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} (y/N) `)).trim())
  } finally {
    terminal.close()
  }
}
