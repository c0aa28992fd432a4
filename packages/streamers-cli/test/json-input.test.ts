import { Readable } from 'node:stream'
import { expect } from 'chai'
import { readEvents } from '../src/terminal/json-input'
import type { InputOptions } from '../src/terminal/json-input'

/** How many lines were taken from an input that begins a document and never ends it, until reading it failed. */
async function linesTaken(options: InputOptions): Promise<{ taken: number; error: unknown }> {
  let taken = 0
  const endless = function* (): Generator<string, void, undefined> {
    for (yield '{"n":\n'; taken < 1_000_000; taken += 1) yield '{"n":2}\n'
  }
  const read = async (): Promise<void> => {
    for await (const { at } of readEvents(Readable.from(endless()), 'input', options))
      throw new Error(`An event at ${at}.`)
  }
  const error: unknown = await read().then(
    () => undefined,
    (thrown: unknown) => thrown
  )
  return { taken, error }
}

describe('the input of publish', () => {
  it('is not read on when a document is longer than the limit', async () => {
    const { taken, error } = await linesTaken({ maxDocument: 1000 })
    expect(String(error)).to.contain('longer than 1000 characters').and.contain('line 1').and.contain('--json-lines')
    expect(taken).to.be.lessThan(100_000)
  })

  it('is not read on at a malformed first line of JSON lines', async () => {
    const { taken, error } = await linesTaken({ jsonLines: true })
    expect(String(error)).to.contain('This is not valid JSON').and.contain('input, line 1.')
    expect(taken).to.be.lessThan(100_000)
  })
})
