import { isStreamerError } from '../contract'

/** What lies beneath an error, as Node and clients say it. */
interface Beneath {
  readonly code?: unknown
  readonly message?: unknown
  readonly cause?: unknown
  readonly errors?: unknown
}

/** As deep as causes are followed. */
const DEEPEST = 10

/** What each cause asks for. https://nodejs.org/api/errors.html#common-system-errors, and the error codes of OpenSSL in Node. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /\b(ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)\b|getaddrinfo/i,
    "The host's name cannot be resolved: correct it in the options, or the DNS of this machine.",
  ],
  [
    /\bCERT_|CERT_HAS_EXPIRED|certificate has expired/i,
    "Renew the server's certificate: it is not valid at this time. Check this machine's clock too.",
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER|self.signed certificate|unable to (verify|get)|unknown ca/i,
    "This program does not know the authority that signed the server's certificate: give its certificate in the options (ca), or in NODE_EXTRA_CA_CERTS.",
  ],
  [
    /ERR_TLS_CERT_ALTNAME|altnames|hostname\/ip does not match/i,
    "Connect with a name that is in the server's certificate, or use a certificate with this name.",
  ],
  [
    /EPROTO|wrong version number|ERR_SSL|ssl3?_|tls alert|before secure TLS|disconnected before/i,
    'One side speaks TLS and the other does not, or they share no version: check the port, and the TLS options.',
  ],
  [/\bECONNREFUSED\b/i, 'Nothing listens at this address: start the server, or correct host and port.'],
  [
    /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|connection timeout/i,
    'The server cannot be reached from here: check the network, firewalls, and host and port.',
  ],
  [
    /maximum (messages|bytes|consumers)|quota|limit exceeded|insufficient (resources|storage)|no space|THROTTL|TooManyRequests|too many/i,
    'A limit is reached: raise the quota, or the limits of the stream, topic or queue, or remove what is no longer needed.',
  ],
]

/**
 * What to do about an error, by what lies beneath it: name resolution, certificates, TLS, a refused or silent connection, a quota. `otherwise`: where
 * nothing is known of it. What an error of ours says of itself, with names of queues and topics in it, is no cause.
 * @internal
 */
export function causeHint(thrown: unknown, otherwise: string): string {
  const words = [...wordsOf(thrown)].join('\n')
  return HINTS.find(([form]) => form.test(words))?.[1] ?? otherwise
}

function* wordsOf(thrown: unknown, depth = 0): Generator<string> {
  if (thrown === undefined || thrown === null || depth > DEEPEST) return
  if (typeof thrown !== 'object') {
    yield String(thrown)
    return
  }
  const { cause, errors } = thrown as Beneath
  for (const word of ownWords(thrown)) yield word
  for (const each of [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])]) yield* wordsOf(each, depth + 1)
}

function ownWords(thrown: Beneath): string[] {
  const words = isStreamerError(thrown) ? [] : [thrown.code, thrown.message]
  return words.filter((word): word is string => typeof word === 'string')
}
