import { askCredentials } from '@boostercloud/streamer-connector'
import type { CredentialsProvider } from '@boostercloud/streamer-connector'
import { Client } from 'pg'

type Connected = ((error: Error) => void) | ((error: null, client: Client) => void)

/**
 * A client of PostgreSQL that asks a function who it is before it connects, within so many milliseconds; the plain client where there is no function.
 * @internal
 */
export function clientWith(provider: CredentialsProvider | undefined, limitMs: number): typeof Client {
  if (provider === undefined) return Client
  return class extends Client {
    public override connect(): Promise<Client>
    public override connect(callback: Connected): void
    public override connect(callback?: Connected): Promise<Client> | void {
      const connecting = this.login().then(() => super.connect())
      if (callback === undefined) return connecting
      // The pool is called back without an error where there is none; the types do not say so.
      connecting.then(() => (callback as () => void)(), callback as (error: Error) => void)
    }

    private async login(): Promise<void> {
      const { username: user, password } = await askCredentials(provider as CredentialsProvider, {
        limitMs,
        code: 'STORAGE_UNAVAILABLE',
      })
      // The client reads the one here, the other there.
      Object.assign(this, { user, password })
      Object.assign((this as unknown as { connectionParameters: object }).connectionParameters, { user, password })
    }
  }
}
