import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { isStreamerError, withMetadata } from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import { expect } from 'chai'
import { Declarations, topologyOf } from '../../src/declare'
import type { HandlerClass, OwnHandlingOptions } from '../../src/declare'
import { Streaming } from '../../src/runtime'
import { eventually } from '../support/eventually'
import { TestEffects } from '../support/receiving'
import type { Note } from '../support/receiving'
import { inTempFolder } from '../support/temp-folder'

const quiet = (): void => undefined
const handlerNamed = (name: string): HandlerClass => ({ name, handle: async () => undefined })

/** A service without Booster: some handlers at log/notes. */
class TestService {
  public readonly seen: string[] = []
  private readonly effects = new TestEffects((note: Note, link, event) => {
    this.seen.push(`${link.handler}:${note.n}:${event.metadata?.source}`)
    return []
  })

  public constructor(
    private readonly folder: string,
    private readonly handlers: Record<string, OwnHandlingOptions>
  ) {}

  /** `extra`: addresses that it listens to although no handler names them. `onPoll` is told each topic that is polled. */
  public streaming(extra: readonly string[] = [], onPoll: (topic?: string) => void = quiet): Streaming {
    const declarations = new Declarations()
    for (const [name, options] of Object.entries(this.handlers)) {
      const handlerClass = handlerNamed(name)
      declarations.handlers.push({ handlerClass, streamedFrom: ['log/notes'], options, at: `class ${name}` })
    }
    const log = LocalStreamer.with({ path: join(this.folder, 'log'), pollWaitMs: 50 })
    const poll = log.poll.bind(log)
    log.poll = async (topic, last) => {
      onPoll(topic)
      return poll(topic, last)
    }
    const options = { state: join(this.folder, 'state'), drainMs: 5_000 }
    const topology = topologyOf(declarations, { log }, options)
    const links = [...topology.received.values()].flat()
    const received = new Map([...topology.received, ...extra.map((address) => [address, links] as const)])
    return new Streaming({ ...topology, received }, options, {
      appName: 'test',
      environment: 'test',
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      events: { find: async () => new Map() },
      timersWith: () => [],
      effectsWith: () => this.effects,
    })
  }
}

async function publish(folder: string, numbers: readonly number[], source = 'here'): Promise<void> {
  const log = LocalStreamer.with({ path: join(folder, 'log') })
  const events = numbers.map((n) => withMetadata({ n }, { id: `${source}-${n}`, key: 'k', source }))
  await log.publish(events as unknown as EventInterface[], 'notes')
  await log.close()
}

describe('streaming', () => {
  it('lets each handler begin where it says, and go on from there after a restart', () =>
    inTempFolder(async (folder) => {
      await publish(folder, [1, 2])
      const service = new TestService(folder, { First: {}, Last: { startAt: 'last' }, Then: { startAt: new Date(0) } })
      const first = service.streaming()
      await first.start()
      await eventually(
        () => service.seen.length === 4,
        () => service.seen
      )
      await first.drain()
      await publish(folder, [3])
      const second = service.streaming()
      await second.start()
      await eventually(
        () => service.seen.length === 7,
        () => service.seen
      )
      await second.drain()
      const of = (name: string): string[] =>
        service.seen.filter((one) => one.startsWith(name)).map((one) => one.split(':')[1])
      expect(of('First')).to.deep.equal(['1', '2', '3'])
      expect(of('Then')).to.deep.equal(['1', '2', '3'])
      expect(of('Last')).to.deep.equal(['3'])
    }))

  it('begins behind the last event also where there is none yet, and misses nothing while it is down', () =>
    inTempFolder(async (folder) => {
      const service = new TestService(folder, { Last: { startAt: 'last' } })
      const first = service.streaming()
      await first.start()
      await first.drain()
      await publish(folder, [1])
      const second = service.streaming()
      await second.start()
      await eventually(() => service.seen.length === 1)
      await second.drain()
    }))

  it('takes events of allowed sources only; others become dead letters', () =>
    inTempFolder(async (folder) => {
      const service = new TestService(folder, { Wary: { allowedSources: ['friend'] }, Open: {} })
      await publish(folder, [1], 'stranger')
      await publish(folder, [2], 'friend')
      const streaming = service.streaming()
      await streaming.start()
      await eventually(
        () => service.seen.length === 3,
        () => service.seen
      )
      await streaming.drain()
      expect(service.seen.sort()).to.deep.equal(['Open:1:stranger', 'Open:2:friend', 'Wary:2:friend'])
    }))

  it('listens to the topics that a handler names, and to no other, which is seen where one too many is listened to', () =>
    inTempFolder(async (folder) => {
      for (const extra of [[], ['log/unnamed']]) {
        const service = new TestService(join(folder, String(extra.length)), { H: {} })
        const polled = new Set<string | undefined>()
        const streaming = service.streaming(extra, (topic) => polled.add(topic))
        await streaming.start()
        await eventually(
          () => polled.size === 1 + extra.length,
          () => [...polled]
        )
        await streaming.drain()
        expect([...polled].sort()).to.deep.equal(
          ['notes', ...extra.map((address) => address.slice('log/'.length))].sort()
        )
      }
    }))

  it('is one process at a time on an embedded state', () =>
    inTempFolder(async (folder) => {
      const [first, second] = [
        new TestService(folder, { H: {} }).streaming(),
        new TestService(folder, { H: {} }).streaming(),
      ]
      await first.start()
      const error: unknown = await second.claimState().catch((thrown: unknown) => thrown)
      expect(isStreamerError(error, 'STORAGE_BUSY'), String(error)).to.equal(true)
      expect((error as Error).message).to.contain(String(process.pid))
      await first.drain()
      await second.start()
      await second.drain()
    }))

  it('drains twice', () =>
    inTempFolder(async (folder) => {
      const streaming = new TestService(folder, { H: {} }).streaming()
      await streaming.start()
      await Promise.all([streaming.drain(), streaming.drain()])
    }))
})
