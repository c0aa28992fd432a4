import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import type { FuzzResult } from '../scripts/fuzz/run'

const ROOT = resolve(__dirname, '..')
const SEED = 20_261_121
const MESSAGES = 20_000

/** In a process of its own, whose heap is nobody else's. */
async function fuzz(): Promise<FuzzResult> {
  const program = `
    const { fuzz } = require('./scripts/fuzz/run.ts')
    void fuzz({ messages: ${MESSAGES}, seed: ${SEED} }).then((result) => console.log(JSON.stringify(result)))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--import=tsx', '-e', program], { cwd: ROOT })
  return JSON.parse(stdout) as FuzzResult
}

describe('malformed messages', function () {
  this.timeout(180_000)

  it(`crash nothing, hang nothing and leave nothing behind (${MESSAGES} of seed ${SEED})`, async () => {
    const { summary, failures, counts } = await fuzz()
    expect(failures, summary).to.deep.equal([])
    expect(counts.delivered + counts.undecodable).to.equal(MESSAGES)
    expect(counts.received).to.equal(MESSAGES / 50)
    const { read, refused, left } = counts.headers
    expect(read + refused + left).to.equal(MESSAGES)
    expect(Math.min(read, refused)).to.be.greaterThan(MESSAGES / 10)
    const { batches } = counts
    expect(batches.read + batches.refused + batches.unsupported).to.equal(MESSAGES)
    expect(Math.min(batches.read, batches.refused)).to.be.greaterThan(MESSAGES / 10)
    for (const [language, became] of Object.entries(counts.bodies)) {
      expect(became.read + became.refused, language).to.equal(MESSAGES)
      expect(Math.min(became.read, became.refused), language).to.be.greaterThan(MESSAGES / 10)
    }
    expect(Math.min(counts.delivered, counts.undecodable)).to.be.greaterThan(MESSAGES / 10)
  })
})
