import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
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

  it('has one release tag for each name, and public names mention nothing that is internal or not to be had', () => {
    expect(problems).to.deep.equal([])
  })

  it('is small where an app imports it, and all of that is public', () => {
    const [app] = reports
      .flatMap(({ sections }) => sections)
      .filter(({ specifier }) => specifier === '@boostercloud/streamers')
    expect(app.exported.filter(({ tags }) => !tags.includes('public'))).to.deep.equal([])
    expect(app.exported.length).to.be.within(10, 24)
  })

  it('is refused where a public name mentions what its users do not get', () => {
    const root = mkdtempSync(join(tmpdir(), 'api-'))
    try {
      const write = (path: string, text: string): void => {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), text)
      }
      const exports = { '.': { types: './dist/index.d.ts' } }
      write('packages/one/package.json', JSON.stringify({ name: 'one', exports, dependencies: { needed: '1' } }))
      write('packages/one/dist/index.d.ts', DECLARATIONS)
      write('packages/one/dist/hidden.d.ts', 'export interface Hidden { a: string }')
      for (const name of ['needed', 'missing'])
        write(`node_modules/${name}/index.d.ts`, 'export interface Thing { a: string }')
      expect(apiReports(root).problems).to.deep.equal([
        'one: Alone has 0 release tags.',
        'one: Bad mentions Internal, which is @internal.',
        'one: Bad mentions Hidden, which no package exports.',
        'one: Bad mentions Thing of missing, which is neither a dependency nor a peer.',
        'one: Child mentions Hidden, which no package exports.',
      ])
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  })
})

const DECLARATIONS = `
import type { Hidden } from './hidden'
import type { Thing } from 'missing'
import type { Thing as Needed } from 'needed'
export type Alone = string
/** @internal */
export interface Internal { b: string }
/** @internal */
export interface MayUse { a: Internal; b: Hidden; c: Thing }
/** @public */
export interface Good<T extends Needed = Needed> { a: T; b: Map<string, Date>; c: Good; d: NodeJS.Signals
  /** @internal */
  e: Internal }
/** @public */
export declare class Seen implements Hidden { a: string; private b: Hidden; private constructor(hidden: Hidden) }
/** @experimental */
export declare function Bad(a: Internal, b: Promise<Hidden[]>): Thing
/** @public */
export interface Child extends Hidden { b: number }
`
