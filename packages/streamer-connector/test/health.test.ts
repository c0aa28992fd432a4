import { expect } from 'chai'
import type { StreamerHealth } from '../src'
import { HealthCheck } from '../src/base/health'

describe('health that is asked for by several at once', () => {
  it('is looked at once, and each of them waits for as long as its limit says', async () => {
    const check = new HealthCheck()
    let looks = 0
    let found = (_health: StreamerHealth): void => undefined
    const look = (): Promise<StreamerHealth> => {
      looks += 1
      return new Promise((resolve) => (found = resolve))
    }
    const about = { broker: 'test' }
    const late = await check.ask(false, { about, look, limitMs: 20 })
    expect(late).to.deep.equal({
      healthy: false,
      details: { broker: 'test', connected: false, error: 'no answer within 20 ms' },
    })
    const second = check.ask(false, { about, look, limitMs: 60_000 })
    found({ healthy: true, details: { lag: 1 } })
    expect(await second).to.deep.equal({ healthy: true, details: { broker: 'test', lag: 1 } })
    expect(looks).to.equal(1)
    const third = check.ask(false, { about, look })
    found({ healthy: true, details: {} })
    expect([(await third).healthy, looks]).to.deep.equal([true, 2])
  })

  it('is an answer where looking throws before it waits for anything', async () => {
    const look = (): Promise<StreamerHealth> => {
      throw new Error('no client')
    }
    const health = await new HealthCheck().ask(false, { about: {}, look })
    expect(health).to.deep.equal({ healthy: false, details: { connected: false, error: 'no client' } })
  })
})
