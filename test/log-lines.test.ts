import { join } from 'node:path'
import { startServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { NatsStreamer } from '@boostercloud/nats-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Declarations, topologyOf } from '../packages/streamers/src/declare'
import type { HandlingOptions } from '../packages/streamers/src/declare'
import { Streaming } from '../packages/streamers/src/runtime'
import { eventually } from '../packages/streamers/test/support/eventually'
import { TestEffects } from '../packages/streamers/test/support/receiving'
import { inTempFolder } from '../packages/streamers/test/support/temp-folder'

/** What is logged above the debug level. */
class Lines implements StreamerLogger {
  public readonly lines: { readonly message: string; readonly details: readonly unknown[] }[] = []
  public debugged = 0
  public readonly info = (message: string, ...details: unknown[]): void => void this.lines.push({ message, details })
  public readonly warn = this.info
  public readonly error = this.info
  public readonly debug = (): void => void (this.debugged += 1)

  public get messages(): string[] {
    return this.lines.map(({ message }) => message)
  }
}

interface Parts {
  readonly connector: StreamerConnector
  readonly folder: string
  readonly log: StreamerLogger
  readonly run: () => unknown[]
  readonly handling?: HandlingOptions
}

/** A service with two handlers of two topics. */
function service({ connector, folder, log, run, handling }: Parts): Streaming {
  const declarations = new Declarations()
  for (const topic of ['posts', 'users']) {
    const handlerClass = { name: `Reads_${topic}`, handle: async () => undefined }
    declarations.handlers.push({ handlerClass, streamedFrom: [`main/${topic}`], options: {}, at: handlerClass.name })
  }
  const options = { state: join(folder, 'state'), drainMs: 3_000, receiving: handling }
  return new Streaming(topologyOf(declarations, { main: connector }, options), options, {
    appName: 'lines',
    environment: 'test',
    log,
    events: { find: async () => new Map() },
    timersWith: () => [],
    effectsWith: () => new TestEffects(run as never),
  })
}

async function publish(connector: StreamerConnector, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, n) => withMetadata({ n }, { id: `e${n}`, key: 'k', source: 's' }))
  await connector.publish(events as unknown as Parameters<StreamerConnector['publish']>[0], 'posts')
}

describe('what a service logs of one cause', function () {
  this.timeout(120_000)
  const servers: Server[] = []
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()))
  })

  async function running(parts: Parts, test: () => Promise<void>): Promise<void> {
    const streaming = service(parts)
    try {
      await streaming.start()
      await test()
    } finally {
      await streaming.drain()
    }
  }

  it('is at most five lines for a wrong password, however often it is tried, with what to correct', () =>
    inTempFolder(async (folder) => {
      const server = await startServer('nats')
      servers.push(server)
      const url = new URL(server.url)
      url.password = 'wrong'
      const log = new Lines()
      const connector = NatsStreamer.with({ servers: url.href, pollWaitMs: 200, connectTimeoutMs: 2_000 })
      await running({ connector, folder, log, run: () => [] }, async () => {
        await eventually(
          () => log.debugged > 8,
          () => log.messages,
          60_000
        )
      })
      expect(log.messages.length, log.messages.join('\n')).to.be.within(1, 5)
      expect(log.messages.join('\n'))
        .to.contain("'main")
        .and.contain('STREAMER_FORBIDDEN')
        .and.contain('Check the credentials')
      expect(log.messages.join('\n')).not.to.contain('wrong')
    }))

  it('is at most five lines for an outage, and one of them says that it is over', () =>
    inTempFolder(async (folder) => {
      const first = await startServer('nats')
      servers.push(first)
      const log = new Lines()
      let handled = 0
      const connector = NatsStreamer.with({
        servers: first.url,
        pollWaitMs: 200,
        connectTimeoutMs: 1_000,
        storage: 'memory',
      })
      const publisher = NatsStreamer.with({ servers: first.url, storage: 'memory' })
      await running({ connector, folder, log, run: () => ((handled += 1), []) }, async () => {
        await publish(publisher, 1)
        await publisher.close()
        await eventually(
          () => handled === 1,
          () => log.messages,
          30_000
        )
        await first.kill()
        await eventually(
          () => log.debugged > 12,
          () => log.messages,
          60_000
        )
        await first.restart()
        await eventually(
          () => log.messages.some((line) => line.includes('works again')),
          () => log.messages,
          60_000
        )
      })
      expect(log.messages.length, log.messages.join('\n')).to.be.within(2, 5)
      expect(log.messages.at(-1)).to.match(/^The streamer 'main' works again, after \d+ s and \d+ failed tries\.$/)
    }))

  it('is at most five lines for a handler that fails, which name event, key, attempts and the next try', () =>
    inTempFolder(async (folder) => {
      const log = new Lines()
      const connector = LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 50 })
      const publisher = LocalStreamer.with({ path: join(folder, 'log') })
      const handling = { retry: { attempts: 4, firstDelayMs: 5, jitter: 0 }, afterDeadLetter: 'continue' } as const
      const fail = (): unknown[] => {
        throw new TypeError('mailer is undefined')
      }
      await publish(publisher, 10)
      await publisher.close()
      await running({ connector, folder, log, run: fail, handling }, async () => {
        await eventually(
          () => log.debugged >= 38,
          () => [log.debugged, ...log.messages],
          60_000
        )
      })
      expect(log.messages.length, log.messages.join('\n')).to.be.within(2, 5)
      const [failed, dead] = log.lines
      expect(failed.message).to.match(
        /^Reads_posts \(from 'main\/posts'\) failed on event e0 \(key k\), attempt 1 of 4\. It is parked\. The next attempt is at 20.*Z\.$/
      )
      expect(failed.details[0]).to.deep.include({ id: 'e0', key: 'k', handler: 'Reads_posts', attempt: 1, attempts: 4 })
      expect(dead.message).to.contain('has given up on event e0 (key k), attempt 4 of 4')
      const stacks = log.lines.flatMap(({ details }) => details).filter((one) => one instanceof Error)
      expect(stacks).to.have.length(1)
    }))
})
