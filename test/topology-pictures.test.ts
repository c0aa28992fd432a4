import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { drawPictures } from '../scripts/topology/pictures'

const ROOT = resolve(__dirname, '..')
const HINT = "is not what the sources of the examples say: 'npm run topology' draws it again"

describe('docs/reference/topology', function () {
  this.timeout(180_000)
  let pictures: readonly { readonly path: string; readonly text: string }[]
  before(async () => (pictures = await drawPictures()))

  it('shows every example as it is', () => {
    for (const { path, text } of pictures) {
      expect(readFileSync(join(ROOT, path), 'utf8') === text, `${path} ${HINT}`).to.equal(true)
    }
  })

  it('has no picture of anything else', () => {
    const files = readdirSync(join(ROOT, 'docs/reference/topology')).map((name) => `docs/reference/topology/${name}`)
    expect(files.filter((path) => /\.(svg|mmd)$/.test(path))).to.have.members(pictures.map(({ path }) => path))
  })
})
