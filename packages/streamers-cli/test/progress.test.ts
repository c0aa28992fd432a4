import { expect } from 'chai'
import { Progress } from '../src/terminal/progress'

/** A progress whose time and output are the test's. */
function progressOn(isTTY: boolean): { progress: Progress; lines: string[]; pass: (ms: number) => void } {
  let now = 0
  const lines: string[] = []
  const to = { isTTY, write: (text: string) => lines.push(text) > 0 } as unknown as NodeJS.WriteStream
  const progress = new Progress({ unit: 'event', done: 'published', afterwards: '', to, now: () => now })
  return { progress, lines, pass: (ms) => (now += ms) }
}

describe('progress of long work', () => {
  it('is a line now and then in a log, at growing intervals', () => {
    const { progress, lines, pass } = progressOn(false)
    for (let second = 0; second < 120; second += 1) {
      pass(1_000)
      progress.add(10)
    }
    progress.end()
    const expected = [5, 15, 35, 75].map((second) => `${second * 10} events published\n`)
    expect(lines).to.deep.equal(expected)
  })

  it('says nothing in a log of what is over soon', () => {
    const { progress, lines } = progressOn(false)
    progress.at('looking at events')
    progress.end()
    expect(lines).to.deep.equal([])
  })

  it('is one line on a terminal, which is gone at the end', () => {
    const { progress, lines, pass } = progressOn(true)
    progress.at('looking at events')
    pass(300)
    progress.add()
    pass(10)
    progress.add()
    progress.end()
    expect(lines).to.deep.equal([
      '\r\u001b[Klooking at events',
      '\r\u001b[Klooking at events, 1 event published',
      '\r\u001b[K',
    ])
  })
})
