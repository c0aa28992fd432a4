import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { PACKAGES } from '../support/packages'
import { ROOT } from '../support/source-tree'

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

interface Locked {
  readonly license?: string
  readonly link?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const { packages: LOCKED } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Locked>>
}

/** Where a dependency of what stands at `path` is installed, the nearest first. */
function placeOf(name: string, path: string): string | undefined {
  const parts = path === '' ? [] : path.split('/node_modules/')
  const above = parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/node_modules/')}/node_modules/`)
  return [...above, 'node_modules/'].map((folder) => `${folder}${name}`).find((place) => place in LOCKED)
}

/** Everything that is installed with the packages, at any depth: what they name, and what that needs. */
function installedWith(folders: readonly string[]): Set<string> {
  const found = new Set<string>()
  const left = [...folders]
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    const { dependencies, optionalDependencies, peerDependencies } = LOCKED[path]
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const place = placeOf(name, path)
      if (place === undefined || found.has(place) || LOCKED[place].link) continue
      found.add(place)
      left.push(place)
    }
  }
  return found
}

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
