import { readFileSync } from 'node:fs'
import type { RegistryOptions } from '@boostercloud/schema-registry-codec'

/**
 * A schema registry as a command is told of it. Who asks is said by the environment: a password on a command line is seen by everybody on the
 * machine.
 */
export function registryOptions(url: string, ca?: string): RegistryOptions {
  const { SCHEMA_REGISTRY_TOKEN: token, SCHEMA_REGISTRY_USER: username } = process.env
  const password = process.env.SCHEMA_REGISTRY_PASSWORD ?? ''
  const basic = username === undefined ? undefined : { username, password }
  return {
    url,
    auth: token === undefined ? basic : { token },
    tls: ca === undefined ? undefined : { ca: readFileSync(ca) },
  }
}
