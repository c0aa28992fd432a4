import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openEmbeddedState } from '@boostercloud/streamers/state'
import { expect } from 'chai'
import { eventually } from '../../streamers/test/support/eventually'
import { run } from './support/command'
import { untilWritten, withNotes } from './support/notes-app'

/** Runs until there is a file `enough`, or until its signal aborts. */
const SLOW_HANDLER = `import { appendFileSync, existsSync } from 'node:fs'
import { EventHandler, metadataOf } from '@boostercloud/streamers'
import { NoteAdded } from './note-added'

@EventHandler({ eventType: NoteAdded, streamedFrom: 'main/notes' })
export class WritesNotes {
  public static async handle(event: NoteAdded): Promise<void> {
    const signal = metadataOf(event)?.signal
    while (!existsSync('enough') && !signal?.aborted) await new Promise((resolve) => setTimeout(resolve, 20))
    appendFileSync('written', (signal?.aborted ? 'aborted' : event.text) + '\\n')
  }
}
`

interface LinkLine {
  readonly running: readonly { readonly id: string; readonly forMs: number }[]
  readonly suspects: readonly unknown[]
  readonly ignored: unknown
}

const AT = '2024-02-29T12:00:00.000Z'

async function countIgnored(folder: string, type: string, events: number): Promise<void> {
  const state = await openEmbeddedState(join(folder, '.booster', 'streamers', 'local'))
  const ignored = { address: 'main/notes', type, events, lastAt: Date.parse(AT) }
  await state.commit([{ do: 'count-ignored', ignored }])
  await state.close()
}

async function links(folder: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await run(['links', 'list', ...args], { cwd: folder })
  expect(code, err).to.equal(0)
  return out
}

describe('links list, beside a service whose handler takes long', function () {
  this.timeout(180_000)

  it('names the event and for how long it has been running, until it has ended, and types that no handler takes', () =>
    withNotes(
      async ({ folder }, start) => {
        const service = await start()
        await countIgnored(folder, 'note_added', 3)
        // Counted before the handler took them.
        await countIgnored(folder, 'NoteAdded', 1)
        await service.add('a', 'text')
        let line: LinkLine | undefined
        await eventually(
          async () => {
            line = JSON.parse((await links(folder, '--json')).trim()) as LinkLine
            return line.running.length === 1
          },
          () => line,
          60_000
        )
        expect(line?.running[0].forMs).to.be.greaterThan(1_000)
        expect(line?.suspects).to.deep.equal([])
        expect(line?.ignored).to.deep.equal({ types: [{ type: 'note_added', events: 3, lastAt: AT }], others: 0 })
        const said = await links(folder)
        expect(said).to.match(/running=1 \(event [0-9a-f-]{36} for \d+ s\)/)
        expect(said).to.contain("No handler at main/notes takes events of these types: 'note_added' (3)\n")
        await writeFile(join(folder, 'enough'), '')
        await untilWritten(folder, ['text'])
        await eventually(async () => !(await links(folder)).includes('running='), undefined, 60_000)
      },
      { 'src/handler.ts': SLOW_HANDLER }
    ))
})
