import type { BoosterConfig, ProviderLibrary } from '@boostercloud/framework-types'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { requireKnownStart, requireStart } from '../../src/booster/require-start'

const AZURE = '@boostercloud/framework-provider-azure'
const SHARED = { state: { shared: true, open: () => Promise.reject(new Error('Not opened.')) } }

const config = (providerPackage: string, streaming = {}): BoosterConfig =>
  ({ providerPackage, streaming, environmentName: 'production' }) as unknown as BoosterConfig

/** A provider whose infrastructure has a start, has none, or is not installed. */
const provider = (start: 'has start' | 'has none' | 'is missing'): ProviderLibrary =>
  ({
    infrastructure: () => {
      if (start === 'is missing') throw new Error('The infrastructure package could not be loaded.')
      return start === 'has start' ? { start: () => undefined } : { deploy: () => undefined }
    },
  }) as unknown as ProviderLibrary

function refused(check: () => void): string {
  try {
    check()
  } catch (error) {
    if (isStreamerError(error, 'OPTION_INVALID')) return error.message
    throw error
  }
  return ''
}

describe('a service that streams on a provider that never starts it', () => {
  it('is refused when it boots, with what works, on the providers of clouds', () => {
    for (const name of [AZURE, '@boostercloud/framework-provider-aws']) {
      const message = refused(() => requireKnownStart(config(name)))
      expect(message).to.contain(name).and.contain('streamOnAws').and.contain('boost-streamers worker')
    }
  })

  it('is refused when any other provider is loaded whose infrastructure has no start', () => {
    expect(refused(() => requireStart(config('their-provider'), provider('has none')))).to.contain('their-provider')
    expect(refused(() => requireStart(config('their-provider'), provider('has start')))).to.equal('')
    expect(refused(() => requireStart(config('their-provider'), provider('is missing')))).to.equal('')
  })

  it('is let be where functions are called, or workers can share its state', () => {
    for (const streaming of [{ invoked: true }, SHARED]) {
      expect(refused(() => requireKnownStart(config(AZURE, streaming)))).to.equal('')
      expect(refused(() => requireStart(config('their-provider', streaming), provider('has none')))).to.equal('')
    }
    expect(refused(() => requireKnownStart(config('@boostercloud/framework-provider-local')))).to.equal('')
  })
})
