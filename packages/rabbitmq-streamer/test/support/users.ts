import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'

/** A user of a server. */
export interface User {
  readonly name: string
  readonly password: string
  /** Regular expressions of the names that each right is for. Default: everything. */
  readonly permissions?: { readonly configure: string; readonly write: string; readonly read: string }
}

/** Writes what a server takes as `load_definitions`: users and virtual hosts. It makes no default user then. */
export async function writeDefinitions(path: string, users: readonly User[], vhosts: readonly string[]): Promise<void> {
  const permissions = users.flatMap(({ name: user, permissions: own }) =>
    vhosts.map((vhost) => ({ user, vhost, configure: '.*', write: '.*', read: '.*', ...own }))
  )
  const hashed = users.map(({ name, password }) => ({ name, password_hash: hashOf(password), tags: '' }))
  await writeFile(path, JSON.stringify({ users: hashed, vhosts: vhosts.map((name) => ({ name })), permissions }))
}

/** https://www.rabbitmq.com/docs/passwords#computing-password-hash */
function hashOf(password: string): string {
  const salt = Buffer.from('salt')
  return Buffer.concat([salt, createHash('sha256').update(salt).update(password).digest()]).toString('base64')
}
