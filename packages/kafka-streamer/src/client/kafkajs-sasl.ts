import { askCredentials } from '@boostercloud/streamer-connector'
import type { Credentials } from '@boostercloud/streamer-connector'
import type { KafkaConfig, Mechanism, SASLOptions } from 'kafkajs'
// @ts-expect-error kafkajs has no types of what it does not export.
import plain from 'kafkajs/src/broker/saslAuthenticator/plain'
// @ts-expect-error As above.
import scram256 from 'kafkajs/src/broker/saslAuthenticator/scram256'
// @ts-expect-error As above.
import scram512 from 'kafkajs/src/broker/saslAuthenticator/scram512'
import type { KafkaSasl, KafkaSaslProvider } from '../options'

/** kafkajs's own way to authenticate with a name and a password. */
type Authenticate = (login: Credentials) => Mechanism['authenticationProvider']

const BUILT_IN = { plain, 'scram-sha-256': scram256, 'scram-sha-512': scram512 } as Readonly<
  Record<KafkaSasl['mechanism'], Authenticate>
>

/** The option `sasl` as kafkajs takes it. kafkajs keeps a name and a password for good, so a function is asked here, at each connection. */
export function saslOf(sasl: KafkaSasl | KafkaSaslProvider, limitMs: number): KafkaConfig['sasl'] {
  // kafkajs puts its own things into it.
  if (!('credentials' in sasl)) return { ...sasl } as SASLOptions
  const { mechanism, credentials } = sasl
  return {
    mechanism,
    authenticationProvider: (connection) => ({
      authenticate: async () => {
        const login = await askCredentials(credentials, { limitMs })
        await BUILT_IN[mechanism](login)(connection).authenticate()
      },
    }),
  }
}
