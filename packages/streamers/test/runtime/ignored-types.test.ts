import { join } from 'node:path'
import type { Class, EventInterface } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { Signal, withMetadata } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Declarations, topologyOf } from '../../src/declare'
import type { Topology } from '../../src/declare'
import { alikeTypes } from '../../src/receive'
import { Streaming } from '../../src/runtime'
import { IgnoredTypes } from '../../src/runtime/ignored-types'
import { IGNORED_NAMES, addIgnored, openEmbeddedState } from '../../src/state'
import type { IgnoredType, StateChange, StateStore } from '../../src/state'
import { eventually } from '../support/eventually'
import { TestEffects } from '../support/receiving'
import { inTempFolder } from '../support/temp-folder'

const NOTES = 'log/notes'

class Kept {
  public static readonly eventType = 'com.acme.NoteKept'
}
class Dropped {}

/** What a log was told, as `level: sentence`. */
class Said implements StreamerLogger {
  public readonly lines: string[] = []
  public readonly debug = this.at('debug')
  public readonly info = this.at('info')
  public readonly warn = this.at('warn')
  public readonly error = this.at('error')

  /** Those of ignored events. */
  public get ignored(): string[] {
    return this.lines.filter((line) => line.includes('no handler'))
  }

  private at(level: string): (...words: unknown[]) => void {
    return (...words) => void this.lines.push(`${level}: ${String(words[0])}`)
  }
}

/** A state that knows nothing but ignored types. */
class TestState {
  public commits = 0
  public error?: Error
  /** What a commit waits for. */
  public slow: Promise<void> = Promise.resolve()
  public counted: IgnoredType[] = []

  public async commit(changes: readonly StateChange[]): Promise<void> {
    this.commits += 1
    const { error } = this
    await this.slow
    if (error) throw error
    for (const change of changes)
      if (change.do === 'count-ignored') this.counted = addIgnored(this.counted, change.ignored)
  }

  public async ignoredTypes(): Promise<IgnoredType[]> {
    return this.counted
  }
}

function taking(...types: readonly string[]): Pick<Topology, 'received'> {
  return { received: new Map([[NOTES, [{ address: NOTES, typeName: 'Kept', types } as never]]]) }
}

function ignoring(topology = taking('com.acme.NoteKept')): {
  state: TestState
  said: Said
  types: IgnoredTypes
  come: (...types: readonly string[]) => void
} {
  const [state, said] = [new TestState(), new Said()]
  const types = new IgnoredTypes(topology, state as unknown as StateStore, said)
  const come = (...some: readonly string[]): void => {
    for (const type of some)
      types.ignored(NOTES, { streamerId: 'log', eventId: type, eventPayload: {}, metadata: { type } })
  }
  return { state, said, types, come }
}

describe('types that no handler takes', () => {
  it('are said once each, loudly where a handler takes one that is alike', () => {
    const { said, come } = ignoring()
    come('Removed', 'Removed', 'note_kept', 'note_kept')
    expect(said.lines).to.have.length(2)
    expect(said.lines[0]).to.match(/^info: Events of type 'Removed' arrive at 'log\/notes' and are ignored/)
    expect(said.lines[1]).to.match(/^warn: .*'note_kept'.*One takes 'com.acme.NoteKept'.*option types/)
  })

  it('are named up to a number in log, report and state, and cut where they are long', async () => {
    const { said, come, types, state } = ignoring()
    const names = Array.from({ length: IGNORED_NAMES - 1 }, (_, n) => `T${n}`)
    come(...names, 'x'.repeat(10_000), 'beyond', 'T0', 'beyond too', 'T0')
    expect(said.lines).to.have.length(IGNORED_NAMES + 1)
    expect(said.lines[IGNORED_NAMES]).to.contain('Further ones are not named')
    const [{ types: named, others }] = types.report()
    expect(named).to.have.length(IGNORED_NAMES)
    expect(named[0]).to.include({ type: 'T0', events: 3 })
    expect(Math.max(...named.map(({ type }) => type.length))).to.equal(201)
    expect(others).to.equal(2)
    await types.stop()
    expect(state.counted).to.have.length(IGNORED_NAMES + 1)
    expect(state.counted.find(({ type }) => type === undefined)).to.include({ events: 2 })
  })

  it('are written once a minute where somebody asks for it, and in the end; what could not be written is counted on', async () => {
    const { come, types, state } = ignoring()
    come('Removed')
    state.error = new Error('The disk is full.')
    await types.writeDue()
    state.error = undefined
    come('Removed')
    await types.writeDue()
    expect(state.commits, 'within a minute').to.equal(1)
    await types.stop()
    await types.stop()
    expect(state.commits).to.equal(2)
    expect(state.counted[0]).to.include({ type: 'Removed', events: 2 })
  })

  it('are in the state when it is closed, also where a write that failed was under way at the end', async () => {
    const { come, types, state } = ignoring()
    come('Removed')
    state.error = new Error('The disk is full.')
    const gate = new Signal()
    state.slow = gate.next()
    const underWay = types.writeDue()
    await eventually(
      () => state.commits === 1,
      () => state.commits
    )
    const stopped = types.stop()
    state.error = undefined
    gate.give()
    await Promise.all([underWay, stopped])
    expect(state.commits).to.equal(2)
    expect(state.counted[0]).to.include({ type: 'Removed', events: 1 })
  })

  it('are told at the next start, unless a handler takes them by then', async () => {
    const { come, types, state } = ignoring()
    come('Removed', 'Moved', 'Moved')
    await types.stop()
    const said = new Said()
    await new IgnoredTypes(taking('Moved'), state as unknown as StateStore, said).start()
    expect(said.lines).to.deep.equal([
      "info: 'log/notes' has delivered events that no handler takes, by type: 'Removed' (1).",
    ])
  })

  it('are alike where case, separators, namespace or version make the difference', () => {
    for (const other of [
      'postLiked',
      'post_liked',
      'com.acme.post-liked',
      'PostLiked.v2',
      'acme:PostLiked',
      'post.liked',
    ]) {
      expect(alikeTypes('PostLiked', other), other).to.equal(true)
    }
    for (const other of ['PostUnliked', 'com.acme.Liked', 'PostLikedTwice', '', '…']) {
      expect(alikeTypes('PostLiked', other), other).to.equal(false)
    }
  })

  it('are those that no handler of the address takes, wherever each begins; in health, and in the state after the end', () =>
    inTempFolder(async (folder) => {
      await publish(folder, ['com.acme.NoteKept', 'Dropped', 'Moved', 'Moved'])
      const handled: (string | undefined)[] = []
      const said = new Said()
      const streaming = streamingIn(folder, said, (type) => handled.push(type))
      await streaming.start()
      const ignored = async (): Promise<unknown> => (await streaming.health())?.ignored
      await eventually(
        async () => handled.length === 2 && JSON.stringify(await ignored()).includes('"events":2'),
        ignored
      )
      await streaming.drain()
      expect(handled.sort()).to.deep.equal(['Dropped', 'com.acme.NoteKept'])
      expect(said.ignored).to.have.length(1)
      const state = await openEmbeddedState(join(folder, 'state'))
      const counted = (await state.ignoredTypes()).map(({ address, type, events }) => ({ address, type, events }))
      await state.close()
      expect(counted).to.deep.equal([{ address: NOTES, type: 'Moved', events: 2 }])
    }))
})

/** Two handlers at one address, of which one begins by itself. */
function streamingIn(folder: string, log: StreamerLogger, handled: (type?: string) => void): Streaming {
  const declarations = new Declarations()
  for (const [eventClass, options] of [[Kept, {}] as const, [Dropped, { startAt: 'first' }] as const]) {
    const name = `Handles${eventClass.name}`
    const handlerClass = { name, handle: async () => undefined }
    const typed = eventClass as unknown as Class<EventInterface>
    declarations.handlers.push({ handlerClass, eventClass: typed, streamedFrom: [NOTES], options, at: name })
  }
  const connector = LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 50 })
  const options = { state: join(folder, 'state'), drainMs: 5_000 }
  return new Streaming(topologyOf(declarations, { log: connector }, options), options, {
    appName: 'test',
    environment: 'test',
    log,
    events: { find: async () => new Map() },
    timersWith: () => [],
    effectsWith: () =>
      new TestEffects((_note, _link, { metadata }) => {
        handled(metadata?.type)
        return []
      }),
  })
}

async function publish(folder: string, types: readonly string[]): Promise<void> {
  const log = LocalStreamer.with({ path: join(folder, 'log') })
  const events = types.map((type, n) => withMetadata({ n }, { id: `e${n}`, key: 'k', source: 'here', type }))
  await log.publish(events as unknown as EventInterface[], 'notes')
  await log.close()
}
