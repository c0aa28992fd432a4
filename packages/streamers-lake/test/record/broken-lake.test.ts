import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventInterface } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Lake } from '../../src'
import { recorded } from '../support/events'
import { MadeLake } from '../support/made-lake'

const nothing = (): void => undefined
const QUIET: StreamerLogger = { debug: nothing, info: nothing, warn: nothing, error: nothing }

describe('a recording into a lake that is damaged', function () {
  this.timeout(60_000)

  it('says that nothing more can be recorded, and why', async () => {
    const made = await MadeLake.of([recorded(1)])
    const main = LocalStreamer.with({ path: join(made.folder, 'log'), pollWaitMs: 100 })
    try {
      const lake = Lake.with({ path: made.folder, segmentMs: 50 })
      const recording = await lake.record({ streamers: { main }, addresses: ['main/news'], logger: QUIET })
      const versions = (await readdir(join(made.folder, 'manifests'))).length
      const next = String(versions + 1).padStart(12, '0')
      await writeFile(join(made.folder, 'manifests', `${next}.json`), 'no manifest')
      const event = withMetadata({ n: 1 }, { id: 'news-1', type: 'Told', key: 'k', source: 'test' })
      await main.publish([event] as unknown as EventInterface[], 'news')
      const reason = await recording.failed
      expect(reason.code).to.equal('STORAGE_DAMAGED')
      const [health] = await recording.health()
      expect(health).to.include({ healthy: false, problem: 'ended', unrecorded: 1 })
      expect(await recording.stop().catch((error: unknown) => error)).to.equal(reason)
    } finally {
      await main.close()
      await made.remove()
    }
  })
})
