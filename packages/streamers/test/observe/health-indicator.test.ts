process.env.BOOSTER_ENV ??= 'local'
import { BoosterConfig } from '@boostercloud/framework-types'
import type { HealthIndicatorResult } from '@boostercloud/framework-types'
import { join } from 'node:path'
import { freePort } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { checkObserveOptions } from '../../src/observe'
import { BoosterApp } from '../support/booster-app'
import { HEALTH_APP } from './health-app'

const CONFIG = 'src/config/config.ts'
const AWAY = `
  const away = LocalStreamer.with({ path: 'log' })
  away.poll = () => Promise.reject(new Error('It is away.'))
  config.streamers = { main: away }
`

describe("streaming in Booster's own health", () => {
  it('is down with what is not healthy, or says so and stays up, as the option has it', async () => {
    expect(await indicated(true, { healthy: false })).to.deep.include({ status: 'DOWN' })
    expect(await indicated(true, { healthy: true })).to.deep.include({ status: 'UP' })
    expect(await indicated(true, undefined)).to.deep.include({ status: 'OUT_OF_SERVICE' })
    expect(await indicated(false, { healthy: false })).to.deep.equal({ status: 'UP', details: { healthy: false } })
    expect(await indicated(false, undefined)).to.deep.equal({ status: 'UP' })
  })

  for (const [sensor, status] of [
    ['counts', 'DOWN'],
    ['shows', 'UP'],
  ]) {
    it(`is ${status} in a service whose broker is away and whose option is ${sensor}`, async () => {
      const observe = `  config.streaming = { observe: { sensor: '${sensor}' } }\n`
      const config = HEALTH_APP[CONFIG].replace(/\n  config\.streamers = .*\n/, AWAY + observe)
      const app = await BoosterApp.build({ ...HEALTH_APP, [CONFIG]: config })
      try {
        const said: string[] = []
        const port = String(await freePort())
        const child = await app.run(join(__dirname, 'run-unhealthy.cjs'), [port], (line) => said.push(line))
        await new Promise((resolve) => child.once('close', resolve))
        const line = said.find((each) => each.startsWith('HEALTH '))
        expect(JSON.parse(line?.slice('HEALTH'.length) ?? 'null'), said.slice(-20).join('\n')).to.include({ status })
      } finally {
        await app.remove()
      }
    }).timeout(120_000)
  }

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
