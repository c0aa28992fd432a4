import './support/environment'
import { getLogger as loggerOfBooster } from '@boostercloud/framework-common-helpers'
import { Level } from '@boostercloud/framework-types'
import type { BoosterConfig, Logger } from '@boostercloud/framework-types'
import { expect } from 'chai'
import { keepLoggers } from '../src/compatibility'
import { keptLoggers } from '../src/loggers'
import type { GetLogger } from '../src/loggers'

const NOTHING = (): void => undefined
const SILENT: Logger = { debug: NOTHING, info: NOTHING, warn: NOTHING, error: NOTHING }

describe('loggers that are kept', () => {
  let made: string[]
  let getLogger: GetLogger
  beforeEach(() => {
    made = []
    getLogger = keptLoggers((config, location, prefix): Logger => {
      made.push(`${prefix ?? config.logPrefix}|${location}`)
      return { ...SILENT }
    })
  })

  it('are made once for a place of an app', () => {
    const one = app()
    const other = app()
    expect(getLogger(one, 'here')).to.equal(getLogger(one, 'here'))
    expect(getLogger(one, 'here')).to.not.equal(getLogger(one, 'there'))
    expect(getLogger(one)).to.equal(getLogger(one, ''))
    expect(getLogger(one, 'here')).to.not.equal(getLogger(other, 'here'))
    expect(made).to.deep.equal(['app|here', 'app|there', 'app|', 'app|here'])
  })

  it('are made anew when the app logs differently', () => {
    const config = app()
    const changes = [
      () => (config.logLevel = Level.debug),
      () => (config.logPrefix = 'changed'),
      () => (config.logger = { ...SILENT }),
      () => ((config.logger as { warn: () => void }).warn = () => undefined),
    ]
    for (const change of changes) {
      const before = getLogger(config, 'here')
      change()
      expect(getLogger(config, 'here')).to.not.equal(before)
    }
  })

  it('are those of Booster, wherever it asks', () => {
    keepLoggers()
    keepLoggers()
    const config = app()
    const written: unknown[][] = []
    config.logger = { ...SILENT, error: (...words) => void written.push(words) }
    loggerOfBooster(config, 'here').error('failed')
    loggerOfBooster(config, 'here').debug('is not told')
    expect(written).to.deep.equal([['[app]|here: ', 'failed']])
    expect(loggerOfBooster(config, 'here')).to.equal(loggerOfBooster(config, 'here'))
  })

  it('are made each time for who names a prefix', () => {
    const config = app()
    expect(getLogger(config, 'here', 'mine')).to.not.equal(getLogger(config, 'here', 'mine'))
    expect(made).to.deep.equal(['mine|here', 'mine|here'])
  })

  it('are made each time where there are more places than an app has', () => {
    const config = app()
    for (let place = 0; place < 2_000; place += 1) getLogger(config, `place ${place}`)
    expect(getLogger(config, 'place 0')).to.equal(getLogger(config, 'place 0'))
    expect(getLogger(config, 'place 1999')).to.not.equal(getLogger(config, 'place 1999'))
  })
})

function app(): BoosterConfig {
  return { logLevel: Level.error, logPrefix: 'app' } as BoosterConfig
}
