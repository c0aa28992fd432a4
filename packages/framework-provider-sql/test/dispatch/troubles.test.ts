import '../support/environment'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import type { Claims } from '../../src/dispatch/claims'
import type { Committer } from '../../src/dispatch/committer'
import { Dispatcher } from '../../src/dispatch/dispatcher'
import { eventually } from '../../../streamers/test/support/eventually'

describe('a database that does not answer the dispatch', () => {
  it('is one line in the log, however often it is asked, and one when it answers again', async () => {
    const lines: string[] = []
    const line = (text: string): void => void lines.push(text)
    const log: StreamerLogger = { debug: () => undefined, info: line, warn: line, error: line }
    let asked = 0
    const failing = async (): Promise<never[]> => {
      asked += 1
      if (asked <= 4) throw new StreamerError('STORAGE_UNAVAILABLE', 'The database is away.', { hint: 'Start it.' })
      return []
    }
    const claims = { take: failing, nextDue: async () => undefined } as unknown as Claims
    const run = async (): Promise<void> => undefined
    const committer = {} as Committer
    const dispatcher = new Dispatcher({ claims, committer, run, changed: () => undefined, log })
    dispatcher.start()
    await eventually(() => {
      dispatcher.wake()
      return asked > 4
    })
    await dispatcher.stop()
    expect(lines.map((text) => text.replace(/\d+/g, 'N'))).to.deep.equal([
      'Stored events could not be dispatched. They are kept, and tried again. [STORAGE_UNAVAILABLE] The database is away. Start it.',
      'The dispatch of stored events works again, after N s and N failed tries.',
    ])
  })
})
