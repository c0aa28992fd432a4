import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'

const ROOT = resolve(__dirname, '..')
const SEED = 20_261_121
const MESSAGES = 20_000

interface Result {
  readonly summary: string
  readonly failures: readonly string[]
  readonly counts: Readonly<Record<'delivered' | 'undecodable' | 'received', number>> & {
    readonly headers: Readonly<Record<'read' | 'refused' | 'left', number>>
    readonly batches: Readonly<Record<'read' | 'refused' | 'unsupported', number>>
    readonly bodies: Readonly<Record<'avro' | 'json' | 'protobuf', Readonly<Record<'read' | 'refused', number>>>>
  }
}

/** In a process of its own, whose heap is nobody else's. */
async function fuzz(): Promise<Result> {
  const program = `
    const { fuzz } = await import('./scripts/fuzz/run.mjs')
    console.log(JSON.stringify(await fuzz({ messages: ${MESSAGES}, seed: ${SEED} })))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT })
  return JSON.parse(stdout) as Result
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
