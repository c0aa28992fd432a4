import './support/environment'
import { BoosterConfig } from '@boostercloud/framework-types'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StateProvider } from '@boostercloud/streamers/state'
import { expect } from 'chai'
import { DynamoState, streamOnAws } from '../src'

describe('streamOnAws', () => {
  const configured = (state?: StateProvider): BoosterConfig => {
    const config = new BoosterConfig('production')
    config.appName = 'shop'
    config.streaming = { state }
    streamOnAws(config)
    return config
  }

  it('puts the state on DynamoDB, and keeps the one that is given', () => {
    expect(configured().streaming?.state).to.be.instanceOf(DynamoState)
    const given = DynamoState.at({ table: 'mine' })
    expect(configured(given).streaming?.state).to.equal(given)
  })

  it('refuses a state elsewhere, with which events would be published twice', () => {
    const elsewhere: StateProvider = { shared: true, open: () => Promise.reject(new Error('Nobody opens it.')) }
    try {
      configured(elsewhere)
      expect.fail('It is taken.')
    } catch (error) {
      expect(isStreamerError(error, 'OPTION_INVALID'), String(error)).to.equal(true)
      expect(String(error)).to.include('config.streaming.state of shop in production').and.include('DynamoState.at')
    }
  })
})
