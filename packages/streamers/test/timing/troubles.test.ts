import { StreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Trouble } from '../../src/timing/troubles'

const MINUTE = 60_000

/** A trouble whose time and lines are the test's. */
function trouble(): { one: Trouble; lines: string[]; pass: (ms: number) => void } {
  let now = 0
  const lines: string[] = []
  const line = (text: string): void => void lines.push(text)
  const log = { debug: () => undefined, info: line, warn: line, error: line }
  return { one: new Trouble('The handler', log, () => now), lines, pass: (ms) => (now += ms) }
}

describe('a trouble in the log', () => {
  it('that is over at once is news each time, unless it comes soon and for the same reason', () => {
    const { one, lines, pass } = trouble()
    one.happened({ what: 'It is dead.', error: new TypeError('first'), hasStack: false })
    one.happened({ what: 'It is dead.', error: new TypeError('first'), hasStack: false })
    one.happened({ what: 'It is dead.', error: new RangeError('other'), hasStack: false })
    expect(lines).to.deep.equal(['It is dead. first', 'It is dead. other'])
    pass(2 * MINUTE)
    one.happened({ what: 'It is dead.', error: new TypeError('again'), hasStack: false })
    expect(lines.at(-1)).to.equal('It is dead. again')
  })

  it('has a line for each cause, and no more than three', () => {
    const { one, lines } = trouble()
    for (const hint of ['Correct the password.', 'Start it.', 'Start it.', 'Free the disk.', 'Ask somebody.']) {
      const error = new StreamerError('STORAGE_UNAVAILABLE', 'It does not work.', { hint, retryable: true })
      one.failed('part', { what: 'It fails.', error })
    }
    expect(lines.map((line) => line.split('work. ')[1])).to.deep.equal([
      'Correct the password.',
      'Start it.',
      'Free the disk.',
    ])
  })

  it('has a line for what somebody has to correct, also after three causes that passed', () => {
    const { one, lines } = trouble()
    for (const hint of ['Start it.', 'Wait.', 'Look for a firewall.', 'Free the disk.', 'Correct the password.']) {
      const retryable = hint !== 'Correct the password.'
      const error = new StreamerError('STORAGE_UNAVAILABLE', 'It does not work.', { hint, retryable })
      one.failed('part', { what: 'It fails.', error })
    }
    expect(lines).to.have.length(4)
    expect(lines.at(-1)).to.contain('Correct the password.')
  })

  it('is said to be over only where a line has said that it is there', () => {
    const { one, lines, pass } = trouble()
    for (let times = 0; times < 3; times += 1) {
      one.failed('part', { what: 'It fails.', error: new Error('away'), hasStack: false })
      pass(1_000)
      one.worked('part')
    }
    expect(lines).to.deep.equal(['It fails. away', 'The handler works again, after 1 s and 1 failed try.'])
  })

  it('is kept up by nobody who tries no more', () => {
    const { one, lines } = trouble()
    for (const part of ['a', 'b']) one.failed(part, { what: 'It fails.', error: new Error('away'), hasStack: false })
    one.left('a')
    one.worked('b')
    expect(lines.at(-1)).to.equal('The handler works again, after 1 s and 2 failed tries.')
    one.failed('a', { what: 'It fails.', error: new Error('away'), hasStack: false })
    one.left('a')
    one.worked('a')
    expect(lines, 'nobody knows whether it works').to.have.length(2)
  })
})
