import { nkeys } from '@nats-io/nats-core'

type KeyPair = ReturnType<typeof nkeys.createUser>

const UNLIMITED = { subs: -1, data: -1, payload: -1 }
const ACCOUNT = {
  type: 'account',
  version: 2,
  limits: { ...UNLIMITED, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 },
  default_permissions: { pub: {}, sub: {} },
}
const STREAMS = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 }

/** The settings of a server whose users are known by signed tokens, and the credentials file of a user of it. */
export function credentials(): { settings: Readonly<Record<string, string>>; file: string } {
  const [operator, system, account, user] = [
    nkeys.createOperator(),
    nkeys.createAccount(),
    nkeys.createAccount(),
    nkeys.createUser(),
  ]
  const limits = { ...ACCOUNT.limits, ...STREAMS }
  const accounts = [
    [system.getPublicKey(), token(operator, system, 'SYS', ACCOUNT)],
    [account.getPublicKey(), token(operator, account, 'app', { ...ACCOUNT, limits })],
  ]
  const userToken = token(account, user, 'anna', { type: 'user', version: 2, pub: {}, sub: {}, ...UNLIMITED })
  return {
    settings: {
      authorization: '{}',
      operator: token(operator, operator, 'operator', { type: 'operator', version: 2 }),
      system_account: system.getPublicKey(),
      resolver: 'MEMORY',
      resolver_preload: `{ ${accounts.map(([key, jwt]) => `${key}: ${jwt}`).join('\n')} }`,
    },
    file: [block('NATS USER JWT', userToken), block('USER NKEY SEED', Buffer.from(user.getSeed()).toString())].join(
      '\n'
    ),
  }
}

/** A JSON web token as NATS has it (ADR-14). */
function token(issuer: KeyPair, subject: KeyPair, name: string, nats: object): string {
  const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { jti: name, iat: 1_700_000_000, iss: issuer.getPublicKey(), name, sub: subject.getPublicKey(), nats }
  const signed = `${base64({ typ: 'JWT', alg: 'ed25519-nkey' })}.${base64(claims)}`
  return `${signed}.${Buffer.from(issuer.sign(Buffer.from(signed))).toString('base64url')}`
}

function block(title: string, text: string): string {
  return `-----BEGIN ${title}-----\n${text}\n------END ${title}------\n`
}
