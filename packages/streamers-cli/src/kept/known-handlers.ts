import { StreamerError, didYouMean } from '@boostercloud/streamer-connector'
import type { OpenApp } from '../app/operated-app'
import { printable } from '../terminal/output'

/** Throws `OPTION_INVALID` for a handler that neither the app nor its state knows. */
export async function requireHandler(
  { config, state, streamers }: OpenApp,
  handler: string,
  at: string
): Promise<void> {
  const names = [...streamers.linksOf(config), ...(await state.parkedByLink())].map((link) => link.handler)
  if (names.includes(handler)) return
  throw new StreamerError('OPTION_INVALID', `There is no handler '${printable(handler)}'.`, {
    at,
    hint: `${printable(didYouMean(handler, names))}See the handlers with links list.`,
  })
}
