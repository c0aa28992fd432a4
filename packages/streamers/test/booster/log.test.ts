import { StreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { jsonLog } from '../../src/booster/log'

/** What work writes to standard error. */
function writtenBy(work: () => void): string[] {
  const lines: string[] = []
  const { write } = process.stderr
  process.stderr.write = ((text: string) => lines.push(text) > 0) as typeof write
  try {
    work()
  } finally {
    process.stderr.write = write
  }
  return lines
}

describe('the log as JSON', () => {
  it('has a line for each message, with its fields and its error', () => {
    const log = jsonLog({ service: 'blog', environment: 'test' })
    const error = new StreamerError('CLOSED', 'It is closed.', { hint: 'Open it.' })
    const [first, second] = writtenBy(() => {
      log.warn('It fails.', { id: 'e1', attempt: 2 }, error)
      log.error('Two\nlines.')
    })
    const { time, ...line } = JSON.parse(first) as Record<string, unknown>
    expect(Date.parse(String(time))).to.be.closeTo(Date.now(), 60_000)
    const { stack, ...told } = line.error as Record<string, unknown>
    expect(String(stack)).to.contain('log.test')
    expect(told).to.deep.equal({ name: 'StreamerError', message: error.message, code: 'CLOSED' })
    expect({ ...line, error: undefined }).to.deep.equal({
      level: 'warn',
      service: 'blog',
      environment: 'test',
      message: 'It fails.',
      id: 'e1',
      attempt: 2,
      error: undefined,
    })
    expect(JSON.parse(second)).to.include({ level: 'error', message: 'Two\nlines.' })
  })
})
