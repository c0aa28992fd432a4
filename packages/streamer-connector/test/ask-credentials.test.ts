import { expect } from 'chai'
import { askCredentials } from '@boostercloud/streamer-connector'
import type { CredentialsProvider } from '@boostercloud/streamer-connector'
import { rejection } from './support/rejection'

const LIMITS = { limitMs: 50 }

describe('credentials from a function', () => {
  it('are what it returns, at once or later, and nothing else that it returns', async () => {
    const credentials = { username: 'anna', password: '' }
    const more = { ...credentials, expiresAt: 7 }
    for (const provider of [() => credentials, () => Promise.resolve(credentials), () => more])
      expect(await askCredentials(provider, LIMITS)).to.deep.equal(credentials)
  })

  it('are missing where it throws, rejects or is late, which may pass', async () => {
    const providers: readonly [CredentialsProvider, string][] = [
      [
        () => {
          throw new Error('The vault is sealed.')
        },
        'failed: The vault is sealed.',
      ],
      [() => Promise.reject(new Error('The vault is sealed')), 'failed: The vault is sealed.'],
      [() => new Promise(() => undefined), 'no answer within 50 ms'],
    ]
    for (const [provider, says] of providers) {
      const error = await rejection(askCredentials(provider, LIMITS), 'STREAMER_UNAVAILABLE')
      expect(error.message).to.contain(says).and.contain('credentials')
      expect(error.retryable).to.equal(true)
    }
    const provider = (): Promise<never> => Promise.reject(new Error('no'))
    await rejection(askCredentials(provider, { ...LIMITS, code: 'STORAGE_UNAVAILABLE' }), 'STORAGE_UNAVAILABLE')
  })

  it('are missing where it returns something else, which no error shows', async () => {
    for (const wrong of [
      undefined,
      null,
      'hunter2',
      {},
      { username: '', password: 'hunter2' },
      { password: 'hunter2' },
    ]) {
      const provider = (() => wrong) as unknown as CredentialsProvider
      const error = await rejection(askCredentials(provider, LIMITS), 'STREAMER_UNAVAILABLE')
      expect(error.message).to.contain('{ username, password }').and.not.contain('hunter2')
    }
  })
})
