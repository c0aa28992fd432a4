import { expect } from 'chai'
import { LOCKED, installedWith } from '../support/locked'
import { PACKAGES } from '../support/packages'

/** Licences that ask no more of whoever runs an app than to keep their text. */
const ALLOWED = new Set([
  '(Apache-2.0 AND BSD-3-Clause)',
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'Unlicense',
])
/** Packages whose package.json says it in another field than `license`, as npm once had it. */
const SAID_ELSEWHERE = new Set(['@seald-io/binary-search-tree', 'limiter', 'querystring'])

describe('licences', () => {
  const installed = installedWith(PACKAGES.map(({ folder }) => folder))

  it('of all that is installed with the packages are permissive', () => {
    const others = [...installed].filter((place) => {
      const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
      const { license } = LOCKED[place]
      return license === undefined ? !SAID_ELSEWHERE.has(name) : !ALLOWED.has(license)
    })
    expect(others.map((place) => `${place}: ${LOCKED[place].license}`)).to.deep.equal([])
  })

  it('are looked for as deep as dependencies go', () => {
    expect([...installed]).to.include.members(['node_modules/kafkajs', 'node_modules/@aws-sdk/client-sqs'])
    expect(installed.size).to.be.above(150)
    expect(installedWith(['packages/streamer-connector']).size).to.be.below(installed.size)
  })
})
