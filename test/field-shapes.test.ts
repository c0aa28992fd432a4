import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { BoosterApp } from '../packages/streamers/test/support/booster-app'
import { className, shapesApp } from './field-shapes/app'
import { shapesPage } from './field-shapes/page'
import { SHAPES } from './field-shapes/table'
import type { Shape } from './field-shapes/shape'

const ROOT = join(__dirname, '..')
const PAGE = join(ROOT, 'docs', 'field-shapes.md')

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

describe('a field of every shape, through the compiler plugin and a service', function () {
  this.timeout(180_000)
  const outcomes = new Map<string, Outcome>()
  const key = ({ type, value = '' }: Case): string => `${type} ${value}`
  const of = (shape: Shape, value?: string): Outcome => {
    const found = outcomes.get(key({ type: className(SHAPES.indexOf(shape)), field: '', value }))
    if (!found) throw new Error('This case was not run.')
    return found
  }

  before(async () => {
    const app = await BoosterApp.build(shapesApp())
    try {
      const cases = SHAPES.flatMap((shape, index): Case[] => {
        const { field = 'value', wrong, doubtful = [] } = shape
        const values = [undefined, ...valuesOf(shape), ...wrong, ...doubtful]
        return values.map((value) => ({ type: className(index), field, value }))
      })
      const all = await outcomesIn(app, cases)
      cases.forEach((one, index) => outcomes.set(key(one), all[index]))
    } finally {
      await app.remove()
    }
  })

  for (const shape of SHAPES) {
    it(`${shape.type}`, () => {
      for (const [index, value] of valuesOf(shape).entries()) {
        const { seen, expected, message } = of(shape, value)
        const one = shape.valid[index]
        expect(seen, `${value}: ${message ?? ''}`).to.equal(typeof one === 'string' ? expected : one[1])
      }
      for (const value of shape.wrong) expect(of(shape, value).refused, value).to.equal('EVENT_MISMATCH')
      for (const value of shape.doubtful ?? []) expect(of(shape, value).refused, value).to.equal(undefined)
      const missing = of(shape)
      expect(missing.refused, missing.seen).to.equal(shape.missing === 'refused' ? 'EVENT_MISMATCH' : undefined)
    })
  }

  it('stands in docs/field-shapes.md', () => {
    expect(SHAPES.length).to.be.at.least(80)
    const page = shapesPage(SHAPES)
    if (readFileSync(PAGE, 'utf8') === page) return
    if (!process.env.CI) writeFileSync(PAGE, page)
    expect.fail('The page was another one; the test has written it anew, unless CI is set.')
  })
})
