import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { BoosterApp } from '../packages/streamers/test/support/booster-app'
import { className, shapesApp } from './field-shapes/app'
import { shapesPage } from './field-shapes/page'
import { SHAPES } from './field-shapes/table'
import type { Shape } from './field-shapes/shapes/shape'

const ROOT = join(__dirname, '..')
const COMMAND = join(ROOT, 'packages', 'streamers-cli', 'bin', 'boost-streamers.js')
const PAGE = join(ROOT, 'docs', 'reference', 'field-shapes.md')

interface Case {
  readonly type: string
  readonly field: string
  /** Undefined: the field is missing. */
  readonly value?: string
}

interface Outcome {
  readonly seen?: string
  readonly expected?: string
  readonly refused?: string
  readonly message?: string
}

/** What becomes of events in an app, compiled by the real plugin. */
async function outcomesIn(app: BoosterApp, cases: readonly Case[]): Promise<Outcome[]> {
  const said: string[] = []
  const outcomes: Outcome[] = []
  const file = join(app.folder, 'cases.json')
  writeFileSync(file, JSON.stringify(cases))
  const child = await app.run(join(__dirname, 'field-shapes', 'run.cjs'), [file], (line) =>
    line.startsWith('OUTCOME ') ? outcomes.push(JSON.parse(line.slice(8)) as Outcome) : said.push(line)
  )
  await new Promise((resolve) => child.once('close', resolve))
  expect(outcomes.length, said.join('\n')).to.equal(cases.length)
  return outcomes
}

const valuesOf = ({ valid }: Shape): string[] => valid.map((one) => (typeof one === 'string' ? one : one[0]))

/** All values of a shape, and none. */
function casesOf(shape: Shape, index: number): Case[] {
  const { field = 'value', revived = [], wrong, doubtful = [], unknown = [] } = shape
  const values = [undefined, ...valuesOf(shape), ...revived.map(([value]) => value), ...wrong, ...doubtful, ...unknown]
  return values.map((value) => ({ type: className(index), field, value }))
}

describe('a field of every shape, through the compiler plugin and a service', function () {
  this.timeout(300_000)
  const bare = new Map<string, Outcome>()
  const judged = new Map<string, Outcome>()
  const key = ({ type, value = '' }: Case): string => `${type} ${value}`
  const of = (outcomes: ReadonlyMap<string, Outcome>, shape: Shape, value?: string): Outcome => {
    const found = outcomes.get(key({ type: className(SHAPES.indexOf(shape)), field: '', value }))
    if (!found) throw new Error('This case was not run.')
    return found
  }
  const accepts = (outcomes: ReadonlyMap<string, Outcome>, shape: Shape): void => {
    for (const [index, value] of valuesOf(shape).entries()) {
      const { seen, expected, message } = of(outcomes, shape, value)
      const one = shape.valid[index]
      expect(seen, `${value}: ${message ?? ''}`).to.equal(typeof one === 'string' ? expected : one[1])
    }
  }
  const refuses = (outcomes: ReadonlyMap<string, Outcome>, shape: Shape, values: readonly string[] = []): void => {
    for (const value of values) expect(of(outcomes, shape, value).refused, value).to.equal('EVENT_MISMATCH')
  }

  before(async () => {
    const app = await BoosterApp.build(shapesApp())
    try {
      const cases = SHAPES.flatMap(casesOf)
      const run = async (outcomes: Map<string, Outcome>): Promise<void> => {
        const all = await outcomesIn(app, cases)
        cases.forEach((one, index) => outcomes.set(key(one), all[index]))
      }
      await run(bare)
      await promisify(execFile)(process.execPath, [COMMAND, 'schemas'], { cwd: app.folder })
      await run(judged)
    } finally {
      await app.remove()
    }
  })

  for (const shape of SHAPES) {
    it(`${shape.type}: by the compiler's metadata`, () => {
      accepts(bare, shape)
      for (const [value] of shape.revived ?? []) expect(of(bare, shape, value).refused, value).to.equal(undefined)
      refuses(bare, shape, shape.wrong)
      for (const value of [...(shape.doubtful ?? []), ...(shape.unknown ?? [])]) {
        expect(of(bare, shape, value).refused, value).to.equal(undefined)
      }
      const missing = of(bare, shape)
      expect(missing.refused, missing.seen).to.equal(shape.missing === 'refused' ? 'EVENT_MISMATCH' : undefined)
    })

    it(`${shape.type}: by its schema`, () => {
      accepts(judged, shape)
      for (const [value, seen] of shape.revived ?? []) {
        expect(of(judged, shape, value).seen, `${value}: ${of(judged, shape, value).message ?? ''}`).to.equal(seen)
      }
      refuses(judged, shape, shape.wrong)
      refuses(judged, shape, shape.doubtful)
      for (const value of shape.unknown ?? []) expect(of(judged, shape, value).refused, value).to.equal(undefined)
      const missing = of(judged, shape)
      expect(missing.refused, missing.seen).to.equal(shape.missing === 'taken' ? undefined : 'EVENT_MISMATCH')
      const told = shape.field ?? 'value'
      for (const value of [...shape.wrong, ...(shape.doubtful ?? [])]) {
        expect(of(judged, shape, value).message, value).to.contain(told)
      }
    })
  }

  it('stands in docs/reference/field-shapes.md', () => {
    expect(SHAPES.length).to.be.at.least(80)
    const page = shapesPage(SHAPES)
    if (readFileSync(PAGE, 'utf8') === page) return
    if (!process.env.CI) writeFileSync(PAGE, page)
    expect.fail('The page was another one; the test has written it anew, unless CI is set.')
  })
})
