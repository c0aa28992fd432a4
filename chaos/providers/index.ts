import { local } from './local'
import { postgres } from './postgres'
import type { ChaosProvider } from './provider'
import { sqlite } from './sqlite'

export { local }
export type { ChaosDatabases, ChaosProvider, StoreReader } from './provider'

/** What the services can run on. */
export const PROVIDERS: readonly ChaosProvider[] = [local, sqlite, postgres]

/** The provider of a name; throws with the names that there are. */
export function providerNamed(name: string): ChaosProvider {
  const provider = PROVIDERS.find((one) => one.name === name)
  if (provider) return provider
  throw new Error(`--provider knows ${PROVIDERS.map((one) => one.name).join(', ')}, not '${name}'.`)
}
