/**
 * A user and a password.
 * @public
 */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/**
 * Returns the user and the password for the next connection. It is called before each attempt to connect, so a rotated password is used from the next connection on, without a
 * restart. Open connections stay open. If it throws, rejects, returns something else, or takes longer than connecting may take, the attempt has failed and is repeated like any other.
 * @public
 */
export type CredentialsProvider = () => Credentials | Promise<Credentials>
