import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import { expect } from 'chai'
import { BoosterApp } from '../../../streamers/test/support/booster-app'
import { eventually } from '../../../streamers/test/support/eventually'
import { Command, run } from '../support/command'
import { NOTES } from '../support/notes-app'

describe('boost-streamers lake record', function () {
  this.timeout(180_000)

  let app: BoosterApp

  before(async () => {
    app = await BoosterApp.build(NOTES)
  })
  after(async () => app?.remove())

  async function publish(...numbers: number[]): Promise<void> {
    const log = LocalStreamer.with({ path: join(app.folder, 'log') })
    const events = numbers.map((n) => withMetadata({ noteId: `${n}` }, { id: `id-${n}`, type: 'NoteAdded', key: 'k' }))
    await log.publish(events as unknown as EventInterface[], 'notes')
    await log.close()
  }

  async function events(): Promise<number> {
    const { out } = await run(['lake', 'info', '--json'], { cwd: app.folder })
    return out === '' ? 0 : (JSON.parse(out) as { events: number }).events
  }

  it("records the app's addresses into its lake, ends with 0 when it is asked to, and goes on where it was", async () => {
    await publish(1, 2)
    for (const [addresses, published, count] of [
      [[], [3, 4], 4],
      [['main/notes'], [5, 6], 6],
    ] as const) {
      const command = new Command(['lake', 'record', ...addresses, '--segment-seconds', '1'], { cwd: app.folder })
      try {
        await command.says('✓ notes (local) records main/notes into .booster/lake')
        await publish(...published)
        await eventually(async () => (await events()) === count, events, 30_000)
        await command.says(/^segments\/.*: \d events?, \d+\/s; lag: main\/notes \d+$/m)
        expect((await command.end('SIGTERM')).code).to.equal(0)
      } finally {
        await command.end()
      }
    }
    const { out } = await run(['lake', 'get', '--key', 'k', '--json'], { cwd: app.folder })
    const ids = out.split('\n').flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { id: string }).id]))
    expect(ids).to.deep.equal([1, 2, 3, 4, 5, 6].map((n) => `id-${n}`))
    expect((await run(['lake', 'verify'], { cwd: app.folder })).code).to.equal(0)
  })

  it('refuses a streamer that the app lacks, and a folder that is no lake', async () => {
    const streamer = await run(['lake', 'record', 'mian/notes'], { cwd: app.folder })
    expect(streamer.code).to.equal(1)
    expect(streamer.err).to.contain('STREAMER_UNKNOWN').and.contain("Did you mean 'main'")
    const folder = await run(['lake', 'record', '--lake', 'src'], { cwd: app.folder })
    expect(folder.code).to.equal(1)
    expect(folder.err).to.contain('STORAGE_FOREIGN')
  })
})
