import { Booster } from '@boostercloud/framework-core'
import type { BoosterConfig } from '@boostercloud/framework-types'
import { StreamerError, didYouMean } from '@boostercloud/streamer-connector'

/**
 * Throws `OPTION_INVALID` where the app has no `Booster.configure` for the environment that it runs in, and nothing has configured it otherwise:
 * all that is missing then is missing for that one reason.
 */
export function requireConfigured({ environmentName, providerPackage, streamers }: BoosterConfig): void {
  // Private in Booster's types, and written by Booster.configure alone.
  const known = [...((Reflect.get(Booster, 'configuredEnvironments') as ReadonlySet<string> | undefined) ?? [])]
  if (known.length === 0 || known.includes(environmentName) || providerPackage !== undefined || streamers) return
  throw new StreamerError('OPTION_INVALID', `The app is not configured for the environment '${environmentName}'.`, {
    at: 'Booster.configure',
    hint: `${didYouMean(environmentName, known)}It has Booster.configure for ${known.map((name) => `'${name}'`).join(', ')}. Name one of them in BOOSTER_ENV, or with --env.`,
  })
}
