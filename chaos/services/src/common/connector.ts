import type { StreamerConnector } from '@boostercloud/streamers'

/** What the run says of the connector: an export of a package, and what its `with` is given. */
interface Choice {
  readonly package: string
  readonly name: string
  readonly options: object
}

/** The connector that the run has chosen for all services; the package of another is not even loaded. */
export function chosenConnector(): StreamerConnector {
  const { package: from, name, options } = JSON.parse(process.env.CHAOS_CONNECTOR ?? '') as Choice
  const exported = require(from) as Record<string, { with(options: object): StreamerConnector }>
  return exported[name].with(options)
}
