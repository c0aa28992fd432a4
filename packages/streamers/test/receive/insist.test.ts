import { StreamerError } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { insist } from '../../src/receive/insist'
import { Stopped } from '../../src/receive/stopped'
import { troubleWithState } from '../../src/timing'

const away = (): StreamerError => new StreamerError('STORAGE_UNAVAILABLE', 'The state is away.', { hint: 'Start it.' })

/** A log with its lines. */
function logged(): { log: StreamerLogger; lines: string[] } {
  const lines: string[] = []
  const line = (text: string): void => void lines.push(text)
  return { lines, log: { debug: () => undefined, info: line, warn: line, error: line } }
}

describe('a write to the state that is insisted on', () => {
  it('leaves no trouble behind where it ends because its claim has passed to another: that is an answer', async () => {
    const { log, lines } = logged()
    const lost = new StreamerError('CLAIM_LOST', 'It is another process.', { hint: 'None.' })
    const answers = [away(), lost]
    const work = async (): Promise<never> => {
      throw answers.shift() as StreamerError
    }
    const thrown: unknown = await insist(work, { name: 'test', log, stopped: new AbortController().signal }).catch(
      (error: unknown) => error
    )
    expect(thrown).to.equal(lost)
    expect(lines.at(-1)).to.match(/^The streaming state works again/)
  })

  it('leaves none behind either where it ends with the service: others may say that the state works again', async () => {
    const { log, lines } = logged()
    const stopping = new AbortController()
    const insisting = insist(() => Promise.reject(away()), { name: 'test', log, stopped: stopping.signal })
    const ended = insisting.catch((error: unknown) => error)
    troubleWithState(log).failed('another', { what: 'It fails.', error: away() })
    stopping.abort()
    expect(await ended).to.be.instanceOf(Stopped)
    troubleWithState(log).worked('another')
    expect(lines.at(-1)).to.match(/^The streaming state works again/)
  })
})
