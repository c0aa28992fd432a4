import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from '../../streamers/test/support/eventually'
import { Command, run } from './support/command'
import { breakHandler, configure, untilWritten, withNotes } from './support/notes-app'

interface StatusLine {
  readonly service: string
  readonly environment: string
  readonly state: string
  readonly outgoing: readonly { readonly address: string; readonly pending: number; readonly refused: number }[]
  readonly links: readonly {
    readonly handler: string
    readonly parked: number
    readonly deadLetters: number
    readonly lag?: number
    readonly position?: string
    readonly nextTryAt?: string
    readonly lastError?: { readonly name: string; readonly message: string }
  }[]
}

interface ParkedLine {
  readonly place: string
  readonly state: string
  readonly key: string
  readonly attempts: number
  readonly nextTryAt?: string
}

async function succeed(cwd: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await run(args, { cwd })
  expect(code, err).to.equal(0)
  return out
}

const statusOf = async (cwd: string): Promise<StatusLine> =>
  JSON.parse(await succeed(cwd, 'status', '--json')) as StatusLine

/** A retry that nobody waits for: what fails stays parked. */
const LONG_DELAY = 'attempts: 2, maxDelayMs: 600000, firstDelayMs: 600000'

describe('boost-streamers status and parked', function () {
  this.timeout(180_000)

  it('says what is parked, since when, until when and why, and has it tried now; of several services too', () =>
    withNotes(async ({ folder }, start) => {
      await configure(folder, 'attempts: 2, firstDelayMs: 10', LONG_DELAY)
      await breakHandler(folder)
      const service = await start()
      await service.add('a', 'first')
      await service.add('a', 'second')
      let found: StatusLine | undefined
      await eventually(
        async () => {
          found = await statusOf(folder)
          return found.links[0].parked === 2 && found.links[0].lag === 0
        },
        () => found,
        60_000
      )
      expect(found).to.deep.include({ service: 'notes', environment: 'local' })
      expect(found?.state).to.equal(join(folder, '.booster/streamers/local/state.sqlite'))
      expect(found?.outgoing).to.deep.equal([{ address: 'main/notes', pending: 0, refused: 0 }])
      const [link] = found?.links ?? []
      expect(link).to.deep.include({ handler: 'WritesNotes', deadLetters: 0 })
      expect(link.lastError).to.include({ name: 'TypeError', message: 'The pen is \u001b[31mbroken.' })
      expect(Date.parse(link.nextTryAt ?? '')).to.be.greaterThan(Date.now() + 300_000)

      const lines = (await succeed(folder, 'parked', 'list', '--json')).trim().split('\n')
      const [first, second] = lines.map((line) => JSON.parse(line) as ParkedLine)
      expect(first).to.deep.include({ state: 'retry', key: 'a', attempts: 1, nextTryAt: link.nextTryAt })
      expect(second).to.deep.include({ state: 'behind', key: 'a', attempts: 0 })
      expect(await succeed(folder, 'parked', 'show', first.place, '--payload')).to.contain('text: first')
      const behind = await run(['parked', 'retry-now', second.place], { cwd: folder })
      expect(behind.err).to.contain('waits behind another one of its key')
      const wrong = await run(['parked', 'list', '--handler', 'WriteNotes'], { cwd: folder })
      expect(wrong.err).to.contain("Did you mean 'WritesNotes'?")

      const several = await run(['status', '.', 'nowhere'], { cwd: folder })
      expect(several.code).to.equal(1)
      expect(several.err).to.contain('There is no such folder').and.contain('nowhere')
      expect(several.out).to.match(
        /main\/notes → WritesNotes {2}parked=2 {2}dead=0 {2}running=0 {2}lag=0 {2}position=\S+/
      )
      expect(several.out).to.match(
        /next-try=in \d+ s {2}last-error=TypeError: The pen is \\u001b\[31mbroken\. \(\d+ s ago\)/
      )

      const watching = new Command(['status', '--watch', '0.2', '--json'], { cwd: folder })
      try {
        await watching.says('"parked":2')
        await rm(join(folder, 'broken'))
        expect(await succeed(folder, 'parked', 'retry-now', '--all')).to.contain('1 event due')
        await untilWritten(folder, ['first', 'second'])
        await watching.says('"parked":0')
      } finally {
        await watching.end('SIGTERM')
      }
    }))

  it('reads the environment that BOOSTER_ENV or --env names, says so, and refuses one that is not configured', () =>
    withNotes(async ({ folder }) => {
      const ways: [string[], Readonly<Record<string, string>>][] = [
        [['--env', 'locla'], {}],
        [['--environment', 'locla'], {}],
        [[], { BOOSTER_ENV: 'locla' }],
      ]
      for (const command of [['status'], ['links', 'list'], ['worker'], ['tail', 'main/notes'], ['store', 'info']]) {
        const [args, env] = ways[command[0].length % ways.length]
        const { code, err } = await run([...command, ...args], { cwd: folder, env })
        expect(code, command.join(' ')).to.equal(1)
        expect(err, command.join(' ')).to.contain("not configured for the environment 'locla'")
        expect(err, command.join(' ')).to.contain("Did you mean 'local'?")
      }
      const { err } = await run(['dead-letters', 'list'], { cwd: folder, env: { BOOSTER_ENV: 'local' } })
      expect(err).to.equal(`environment local, state ${join(folder, '.booster/streamers/local/state.sqlite')}\n`)
    }))
})
