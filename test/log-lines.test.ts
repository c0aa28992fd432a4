import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import { LocalStreamer } from '@boostercloud/local-streamer'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import { PostgresState } from '@boostercloud/streamers-postgres'
import { expect } from 'chai'
import { eventually } from '../packages/streamers/test/support/eventually'
import { inTempFolder } from '../packages/streamers/test/support/temp-folder'
import { LOGGED_BROKERS } from './support/logged-brokers'
import type { LoggedBroker } from './support/logged-brokers'
import { Lines, LoggedService, publishPosts } from './support/logged-service'
import type { LoggedServiceOptions } from './support/logged-service'
import { orSkip } from './support/or-skip'

const LIMIT_MS = 120_000
const MOST_LINES = 5
/** Tries that are at the debug level: as many as make sure that the lines do not grow with them. */
const TRIES = 8
/** Milliseconds that an outage lasts at least; a nightly run gives it a minute. */
const OUTAGE_MS = Number(process.env.STREAMERS_TEST_OUTAGE_MS ?? 0)

interface Running {
  readonly service: LoggedService
  readonly log: Lines
  until(condition: () => boolean | Promise<boolean>): Promise<void>
  /** Until it has been tried often enough without a line, and long enough. */
  untilTried(): Promise<void>
}

/** Runs a test with a service that is drained afterwards. */
async function running(
  options: Omit<LoggedServiceOptions, 'log'>,
  test: (running: Running) => Promise<void>
): Promise<void> {
  const log = new Lines()
  const service = new LoggedService({ ...options, log })
  const until = (condition: () => boolean | Promise<boolean>): Promise<void> =>
    eventually(condition, () => [log.debugged, ...log.messages], LIMIT_MS + OUTAGE_MS)
  try {
    await service.start()
    const untilTried = async (): Promise<void> => {
      const [before, end] = [log.debugged, Date.now() + OUTAGE_MS]
      await until(() => log.debugged >= before + TRIES && Date.now() >= end)
    }
    await test({ service, log, until, untilTried })
  } finally {
    await service.drain()
  }
}

/** A handler that is counted. */
function counting(): { run: () => unknown[]; count: () => number } {
  let handled = 0
  return { run: () => ((handled += 1), []), count: () => handled }
}

/** Few lines, of which one says in words what is wrong, and the last that it is over. */
function expectOver(log: Lines, says: RegExp, who: string): void {
  expect(log.messages.length, log.text).to.be.within(2, MOST_LINES)
  expect(log.text, log.text).to.match(says)
  expect(log.messages.at(-1)).to.match(new RegExp(`^${who} works again, after \\d+ s and \\d+ failed tr`))
}

async function outage(
  connector: StreamerConnector,
  publisher: StreamerConnector & { close(): Promise<void> },
  broker: Pick<LoggedBroker, 'cut' | 'restore'>
): Promise<void> {
  await inTempFolder(async (folder) => {
    const { run, count } = counting()
    await running({ connector, folder, run }, async ({ service, log, until, untilTried }) => {
      // A subscription may not be there at the first one yet.
      await until(async () => {
        if (count() === 0) await publishPosts(publisher, 1)
        return count() > 0
      })
      await publisher.close()
      await broker.cut()
      await service.store()
      await untilTried()
      await broker.restore()
      await until(() => log.text.includes('works again'))
      await until(() => count() > 1)
      expectOver(log, /STREAMER_UNAVAILABLE|STORAGE_/, "The streamer 'main'")
    })
  })
}

async function failingHandler(
  connector: StreamerConnector,
  publisher: StreamerConnector & { close(): Promise<void> }
): Promise<void> {
  await inTempFolder(async (folder) => {
    const handling = { retry: { attempts: 4, firstDelayMs: 5, jitter: 0 }, afterDeadLetter: 'continue' } as const
    let failed = 0
    const run = (): unknown[] => {
      failed += 1
      throw new TypeError('mailer is undefined')
    }
    await running({ connector, folder, run, handling }, async ({ log, until }) => {
      await until(async () => {
        if (failed === 0) await publishPosts(publisher, 10)
        return log.debugged >= 38
      })
      await publisher.close()
      expect(log.messages.length, log.text).to.be.within(2, MOST_LINES)
      const [first, dead] = log.lines
      expect(first.message).to.match(
        /^Reads_posts \(from 'main\/posts'\) failed on event e\d \(key k\), attempt 1 of 4\. It is parked\. The next attempt is at 20.*Z\.$/
      )
      expect(first.details[0]).to.deep.include({ key: 'k', handler: 'Reads_posts', attempt: 1, attempts: 4 })
      expect(dead.message).to.match(/has given up on event e\d \(key k\), attempt 4 of 4/)
      const stacks = log.lines.flatMap(({ details }) => details).filter((one) => one instanceof Error)
      expect(stacks).to.have.length(1)
    })
  })
}

describe('what a service logs of one cause', function () {
  this.timeout(2 * LIMIT_MS + OUTAGE_MS)

  for (const [name, start] of Object.entries(LOGGED_BROKERS)) {
    describe(`with ${name}`, () => {
      let broker: LoggedBroker | undefined
      const at = (): LoggedBroker => broker as LoggedBroker

      before(async function () {
        this.timeout(0)
        await orSkip(this, async () => (broker = await start()))
      })
      after(async function () {
        this.timeout(0)
        await broker?.stop()
      })

      it('is at most five lines for a handler that fails, which name event, key, attempts and the next try', () =>
        failingHandler(at().connect(), at().connect()))

      it('is at most five lines for an outage, and the last says that it is over', () =>
        outage(at().connect(), at().connect(), at()))

      it('is at most five lines for a wrong password, however often it is tried, with what to correct', () =>
        inTempFolder((folder) =>
          running({ connector: at().connectWithWrongPassword(), folder }, async ({ service, log, untilTried }) => {
            await service.store()
            await untilTried()
            expect(log.messages.length, log.text).to.be.within(1, MOST_LINES)
            expect(log.text)
              .to.contain("'main")
              .and.contain('STREAMER_FORBIDDEN')
              .and.match(/credentials|user|password/)
            expect(log.text).not.to.match(/\bwrong\b/)
          })
        ))
    })
  }

  describe('with the embedded log', () => {
    const path = (folder: string): string => join(folder, 'log')
    const open = (folder: string): LocalStreamer => LocalStreamer.with({ path: path(folder), pollWaitMs: 50 })

    it('is at most five lines for a handler that fails, which name event, key, attempts and the next try', () =>
      inTempFolder((folder) => failingHandler(open(folder), open(folder))))

    it('is at most five lines while its folder is away, and the last says that it is over', () =>
      inTempFolder(async (folder) => {
        const [disk, file] = [join(folder, 'disk'), join(folder, 'file')]
        await Promise.all([mkdir(disk), writeFile(file, '')])
        /** In one step, as a service makes a folder that is missing. */
        const mount = async (target: string): Promise<void> => {
          await symlink(target, join(folder, 'next'))
          await rename(join(folder, 'next'), path(folder))
        }
        await mount(disk)
        await outage(open(folder), open(folder), { cut: () => mount(file), restore: () => mount(disk) })
      }))
  })

  describe('with its state on PostgreSQL', () => {
    let server: Server | undefined

    before(async function () {
      this.timeout(0)
      await orSkip(this, async () => (server = await startServer('postgres')))
    })
    after(async function () {
      this.timeout(0)
      await server?.stop()
    })

    const withState = (
      test: (running: Running, count: () => number, setPassword: (password?: string) => void) => Promise<void>
    ): Promise<void> =>
      inTempFolder(async (folder) => {
        const { href, username, password } = new URL(server!.url)
        let own = password
        const credentials = () => Promise.resolve({ username, password: own })
        const bare = new URL(href)
        bare.username = bare.password = ''
        const state = PostgresState.at({ url: bare.href, credentials, schema: `lines_${Date.now()}` })
        const connector = LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 50 })
        const { run, count } = counting()
        await running({ connector, folder, state, run }, async (parts) => {
          await parts.service.store()
          await parts.until(() => count() === 1)
          await test(parts, count, (other = password) => (own = other))
        })
      })

    it('is at most five lines for an outage, and the last says that it is over', () =>
      withState(async ({ service, log, until, untilTried }, count) => {
        await server!.kill()
        await untilTried()
        await server!.restart()
        await until(() => log.text.includes('works again'))
        await service.store()
        await until(() => count() === 2)
        expectOver(log, /STORAGE_UNAVAILABLE/, 'The streaming state')
      }))

    it('is at most five lines for a password that is refused from a moment on, with what to correct', () =>
      withState(async ({ service, log, until, untilTried }, count, setPassword) => {
        setPassword('wrong')
        await server!.kill()
        await server!.restart()
        await untilTried()
        expect(log.text)
          .to.match(/user or password|credentials/)
          .and.not.match(/\bwrong\b/)
        setPassword()
        await until(() => log.text.includes('works again'))
        await service.store()
        await until(() => count() === 2)
        expectOver(log, /STORAGE_UNAVAILABLE/, 'The streaming state')
      }))
  })
})
