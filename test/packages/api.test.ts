import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { expect } from 'chai'
import { apiReports } from '../../scripts/lib/api-report'
import type { ApiReport } from '../../scripts/lib/api-report'
import { ROOT } from '../support/source-tree'

describe('the public API', function () {
  this.timeout(120_000)

  let reports: readonly ApiReport[]
  let problems: readonly string[]

  before(() => {
    ;({ reports, problems } = apiReports())
  })

  it('is what api.md of each package says; npm run api writes it', () => {
    const old = reports.filter(({ file, text }) => !existsSync(file) || readFileSync(file, 'utf8') !== text)
    expect(old.map(({ file }) => relative(ROOT, file))).to.deep.equal([])
  })

  it('has one release tag for each name: @public, @experimental or @internal', () => {
    expect(problems).to.deep.equal([])
  })

  it('is small where an app imports it, and all of that is public', () => {
    const [app] = reports
      .flatMap(({ sections }) => sections)
      .filter(({ specifier }) => specifier === '@boostercloud/streamers')
    expect(app.exported.filter(({ tags }) => !tags.includes('public'))).to.deep.equal([])
    expect(app.exported.length).to.be.within(10, 20)
  })
})
