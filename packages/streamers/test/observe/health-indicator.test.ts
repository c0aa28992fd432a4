process.env.BOOSTER_ENV ??= 'local'
import { BoosterConfig } from '@boostercloud/framework-types'
import type { HealthIndicatorResult } from '@boostercloud/framework-types'
import { expect } from 'chai'
import { checkObserveOptions } from '../../src/observe'

describe("streaming in Booster's own health", () => {
  it('is down with what is not healthy, or says so and stays up, as the option has it', async () => {
    expect(await indicated(true, { healthy: false })).to.deep.include({ status: 'DOWN' })
    expect(await indicated(true, { healthy: true })).to.deep.include({ status: 'UP' })
    expect(await indicated(true, undefined)).to.deep.include({ status: 'OUT_OF_SERVICE' })
    expect(await indicated(false, { healthy: false })).to.deep.equal({ status: 'UP', details: { healthy: false } })
    expect(await indicated(false, undefined)).to.deep.equal({ status: 'UP' })
  })

  it('takes no other option', () => {
    expect(() => checkObserveOptions({ sensor: 'off' as 'shows' })).to.throw(/sensor is wrong.*'counts' or 'shows'/)
  })
})

async function indicated(counts: boolean, found: { healthy: boolean } | undefined): Promise<HealthIndicatorResult> {
  const { addHealthIndicator } = await import('../../src/booster/compatibility')
  const config = new BoosterConfig('test')
  addHealthIndicator(config, { id: 'streamers', name: 'Streamers', counts }, async () => found)
  const metadata = config.userHealthIndicators.streamers
  const indicator = new metadata.class() as { health(...asked: unknown[]): Promise<HealthIndicatorResult> }
  return indicator.health(config, metadata)
}
