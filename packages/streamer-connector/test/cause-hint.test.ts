import { expect } from 'chai'
import { causeHint } from '../src/base'
import { StreamerError } from '../src/contract'

const failed = (message: string, code?: string): Error => Object.assign(new Error(message), { code })

describe('the hint for a cause', () => {
  const causes: readonly (readonly [string, unknown, RegExp])[] = [
    ['a name that nobody knows', failed('getaddrinfo ENOTFOUND broker', 'ENOTFOUND'), /cannot be resolved/],
    ['a refused connection', failed('connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'), /Nothing listens/],
    ['an unknown authority', failed('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'), /authority/],
    ['an old certificate', failed('certificate has expired', 'CERT_HAS_EXPIRED'), /Renew/],
    ['another name', failed('altnames', 'ERR_TLS_CERT_ALTNAME_INVALID'), /name/],
    ['plain text to TLS', failed('wrong version number', 'EPROTO'), /speaks TLS/],
    ['a quota', failed('ThrottlingException: Rate exceeded'), /limit is reached/],
    ['a silent host', failed('connect ETIMEDOUT', 'ETIMEDOUT'), /cannot be reached/],
    ['anything else', failed('odd'), /^otherwise$/],
  ]
  for (const [name, cause, expected] of causes) {
    it(`fits ${name}, however deep it lies`, () => {
      const wrapped = Object.assign(new Error('outer'), { cause: new AggregateError([cause]) })
      for (const thrown of [cause, wrapped]) expect(causeHint(thrown, 'otherwise')).to.match(expected)
    })
  }

  it('fits what lies beneath an error of ours, and not its own sentence, which names what others have named', () => {
    const ours = (cause?: unknown): StreamerError =>
      new StreamerError('STREAMER_UNAVAILABLE', "No queue takes what is published as 'quota.limit exceeded'.", {
        hint: 'Make it.',
        cause,
      })
    expect(causeHint(ours(), 'otherwise')).to.equal('otherwise')
    expect(causeHint(new AggregateError([ours()]), 'otherwise')).to.equal('otherwise')
    expect(causeHint(ours(failed('connect ECONNREFUSED', 'ECONNREFUSED')), 'otherwise')).to.match(/Nothing listens/)
  })
})
