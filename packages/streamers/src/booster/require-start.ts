import type { BoosterConfig, ProviderLibrary } from '@boostercloud/framework-types'
import { StreamerError } from '@boostercloud/streamer-connector'

/** Providers whose services are functions that a cloud calls: nothing of theirs runs for as long as the service does. */
const NEVER_START = /^@boostercloud\/framework-provider-(aws|azure)$/
/** Providers that are known to start services, and are not loaded to ask. */
const ALWAYS_START = /^@boostercloud\/framework-provider-(local|sql)$/

/**
 * Throws `OPTION_INVALID` where a service that streams would never be started, so that what it stores were published by nobody: its provider is one of
 * a cloud, and neither is it called (`streamOnAws`) nor has it a state that a worker beside it could share. Loads nothing.
 */
export function requireKnownStart(config: BoosterConfig): void {
  if (NEVER_START.test(config.providerPackage ?? '') && !isPublishedOtherwise(config)) throw noStart(config)
}

/** The same for a provider that is loaded, whichever it is. */
export function requireStart(config: BoosterConfig, provider: ProviderLibrary): void {
  if (ALWAYS_START.test(config.providerPackage ?? '') || isPublishedOtherwise(config)) return
  if (starts(provider) === false) throw noStart(config)
}

/** By functions that are called, or by workers that share the state. */
function isPublishedOtherwise({ streaming: { invoked, state } = {} }: BoosterConfig): boolean {
  return invoked === true || (typeof state === 'object' && state.shared)
}

/** Whether a provider can start a service; undefined where it cannot say, as what starts services is not installed. */
function starts(provider: ProviderLibrary): boolean | undefined {
  try {
    return provider.infrastructure().start !== undefined
  } catch {
    return undefined
  }
}

function noStart({ providerPackage, environmentName }: BoosterConfig): StreamerError {
  return new StreamerError(
    'OPTION_INVALID',
    'The provider does not start services, so streamed events would be stored and never published.',
    {
      at: `config.providerPackage of ${environmentName}: ${providerPackage}`,
      hint:
        'On AWS, call streamOnAws(config) of @boostercloud/streamers-aws. Elsewhere, set config.streaming.state to one that processes can share, ' +
        'such as PostgresState.at({ url }), and run boost-streamers worker; or use a provider that starts services, such as the local one or framework-provider-sql.',
    }
  )
}
