import { expect } from 'chai'
import type { GroupOwner } from '@boostercloud/streamer-connector'
import { GroupLease } from '../../src/runtime/group-lease'

const quiet = (): void => undefined
const SILENT = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const OWNER: GroupOwner = { stateId: 'ours', member: 'one', leaseMs: 10_000 }

describe('the lease of a group', () => {
  const now = Date.now
  afterEach(() => {
    Date.now = now
  })

  it('is over after a machine was suspended, while the clock of the process stood still', async () => {
    let asked = 0
    const connector = {
      ownGroup: async () => {
        asked += 1
        return { before: [] }
      },
      leaveGroup: async () => undefined,
    }
    const onBefore = async (): Promise<void> => undefined
    const lease = new GroupLease({
      streamerId: 'main',
      connector,
      topics: ['posts'],
      owner: OWNER,
      log: SILENT,
      onBefore,
    })
    await lease.begin(0)
    await lease.require()
    expect(asked).to.equal(1)
    Date.now = () => now() + OWNER.leaseMs
    await lease.require()
    expect(asked).to.equal(2)
    await lease.require()
    expect(asked).to.equal(2)
    await lease.end()
  })
})
