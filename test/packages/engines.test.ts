import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { LOCKED, installedWith } from '../support/locked'
import { PACKAGES } from '../support/packages'
import { ROOT } from '../support/source-tree'

/** The oldest version of Node that the packages name. */
const OLDEST = [20, 19, 0] as const

/** Whether a range of `engines` has a version: what npm looks at where `engine-strict` is set. */
function admits(range: string, version: readonly number[] = OLDEST): boolean {
  return range.split('||').some((all) => {
    const bounds = [...all.matchAll(/(>=|<=|>|<|\^|~|=)?\s*v?([\dx*]+(?:\.[\dx*]+)*)/g)]
    return bounds.length > 0 && bounds.every(([, operator = '', text]) => isWithin(operator, text, version))
  })
}

function isWithin(operator: string, text: string, version: readonly number[]): boolean {
  const parts = text
    .split('.')
    .filter((part) => /^\d+$/.test(part))
    .map(Number)
  const compared = parts.reduce((sign, part, index) => sign || Math.sign(version[index] - part), 0)
  const same = (count: number): boolean => parts.slice(0, count).every((part, index) => part === version[index])
  if (operator === '>=') return compared >= 0
  if (operator === '<=') return compared <= 0
  if (operator === '>') return compared > 0
  if (operator === '<') return compared < 0
  if (operator === '^') return compared >= 0 && same(1)
  if (operator === '~') return compared >= 0 && same(2)
  return same(parts.length)
}

describe('the versions of Node', () => {
  it('that are named run all that is installed with a package, beside Booster itself', () => {
    const installed = installedWith(PACKAGES.map(({ folder }) => folder))
    const refused = [...installed].flatMap((place) => {
      const { version, engines: { node } = {} } = LOCKED[place]
      const isBoosters = place.includes('/@boostercloud/framework-')
      return isBoosters || node === undefined || admits(node) ? [] : [`${place}@${version} wants Node ${node}`]
    })
    expect(installed.size).to.be.above(150)
    expect(refused).to.deep.equal([])
  })

  it('are not made to fit by an override, which whoever installs a package does not get', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>
    expect(manifest).to.not.have.property('overrides')
  })

  it('are compared as npm compares them', () => {
    const wanted = ['>=20.19.0', '>= 18.x', '18 || 20 || >=22', '^14.17.0 || ^16.13.0 || >=18.0.0', '>=0.10.0', '*']
    expect(wanted.filter((range) => !admits(range))).to.deep.equal([])
    const others = ['>=22', '>= 22.0.0', '>=18.0.0 <19.0.0', '^18 || >=21', '>=20.19.1', '18.x', '^20.20.0']
    expect(others.filter((range) => admits(range))).to.deep.equal([])
  })
})
