import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerErrorCode } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Declarations, declaredAt, topologyOf } from '../../src/declare'
import type { EventDeclaration, HandlerDeclaration, StreamingOptions } from '../../src/declare'

class PostCreated {
  public entityID(): never {
    throw new Error('not asked')
  }
}
class UserCreated extends PostCreated {}
class HandlesPosts {
  public static async handle(): Promise<void> {}
}
class HandlesUsers {
  public static async handle(): Promise<void> {}
}

const local = (defaultTopic?: string): LocalStreamer =>
  LocalStreamer.with({ path: join('/nonexistent', 'log'), defaultTopic })
const pushOnly = {
  publish: async () => undefined,
  transformEvents: async () => [],
} as StreamerConnector
const bare = { publish: async () => undefined, poll: async () => [] } as StreamerConnector

const event = (own: Partial<EventDeclaration>): EventDeclaration => ({
  eventClass: PostCreated,
  streamTo: ['main/posts'],
  requires: {},
  at: 'class PostCreated (post.js:1)',
  ...own,
})
const handler = (own: Partial<HandlerDeclaration>): HandlerDeclaration => ({
  handlerClass: HandlesPosts,
  eventClass: PostCreated,
  streamedFrom: ['main/posts'],
  options: {},
  at: 'class HandlesPosts (handler.js:1)',
  ...own,
})
const declared = (events: EventDeclaration[], handlers: HandlerDeclaration[] = []): Declarations => {
  const declarations = new Declarations()
  declarations.events.push(...events)
  declarations.handlers.push(...handlers)
  return declarations
}

/** The refusal of a topology. */
function refused(
  declarations: Declarations,
  streamers: Record<string, unknown>,
  code: StreamerErrorCode,
  options: StreamingOptions = {}
): string {
  try {
    topologyOf(declarations, streamers as Record<string, StreamerConnector>, options)
  } catch (error) {
    expect(isStreamerError(error, code), String(error)).to.equal(true)
    return (error as Error).message
  }
  throw new Error('It was accepted.')
}

describe('topology', () => {
  it('links events and handlers to their addresses, defaults filled in', () => {
    const topology = topologyOf(
      declared(
        [event({ streamTo: ['main', 'other/x', 'main/posts'] })],
        [handler({ streamedFrom: ['main'] }), handler({ handlerClass: HandlesUsers, eventClass: undefined })]
      ),
      { main: local('posts'), other: local() },
      {}
    )
    expect(topology.published.get('PostCreated')).to.deep.equal(['main/posts', 'other/x'])
    const links = topology.received.get('main/posts') ?? []
    expect(links.map((link) => [link.handler, link.typeName])).to.deep.equal([
      ['HandlesPosts', 'PostCreated'],
      ['HandlesUsers', undefined],
    ])
    expect(links[0]).to.deep.include({ afterDeadLetter: 'hold', holdLimit: 10_000 })
    expect(links[0].retry).to.deep.equal({ attempts: 8, firstDelayMs: 200, factor: 3, maxDelayMs: 60_000, jitter: 0.2 })
    expect([...topology.streamers.keys()]).to.deep.equal(['main', 'other'])
  })

  it('lets the narrower option win, one by one', () => {
    const [link] =
      topologyOf(
        declared([], [handler({ options: { retry: { attempts: 2 }, holdLimit: 0 } })]),
        { main: local() },
        {
          receiving: { retry: { attempts: 9, factor: 5 }, afterDeadLetter: 'continue' },
          streamers: { main: { retry: { attempts: 7, firstDelayMs: 1 } } },
        }
      ).received.get('main/posts') ?? []
    expect(link.retry).to.deep.equal({ attempts: 2, firstDelayMs: 1, factor: 5, maxDelayMs: 60_000, jitter: 0.2 })
    expect(link).to.include({ afterDeadLetter: 'continue', holdLimit: 0 })
  })

  it('refuses an unknown streamer, with the nearest known name, the class and the file', () => {
    const message = refused(
      declared([event({ streamTo: ['mian/posts'] })]),
      { main: local(), other: local() },
      'STREAMER_UNKNOWN'
    )
    expect(message).to.contain("Did you mean 'main'?").and.contain('class PostCreated (post.js:1)')
  })

  it('refuses an unknown streamer where none is configured, and names inherited by every object', () => {
    expect(refused(declared([event({})]), {}, 'STREAMER_UNKNOWN')).to.contain('config.streamers = {')
    refused(declared([event({ streamTo: ['constructor/posts'] })]), { main: local() }, 'STREAMER_UNKNOWN')
  })

  it('refuses an address without topic where one is needed', () => {
    const message = refused(declared([], [handler({ streamedFrom: ['main'] })]), { main: local() }, 'TOPIC_MISSING')
    expect(message).to.contain("'main/<topic>'").and.contain('HandlesPosts')
  })

  for (const address of ['', '/', '/posts', 'main/', ' main/posts', 'main/po\nsts']) {
    it(`refuses the address ${JSON.stringify(address)}`, () => {
      const message = refused(declared([event({ streamTo: [address] })]), { main: local() }, 'ADDRESS_MALFORMED')
      expect(message).to.contain('PostCreated')
    })
  }

  it('refuses a handler on a streamer that only pushes', () => {
    refused(declared([], [handler({})]), { main: pushOnly }, 'DELIVERY_UNAVAILABLE')
    expect(topologyOf(declared([event({})]), { main: pushOnly }, {}).published.size).to.equal(1)
  })

  for (const value of [
    undefined,
    null,
    'main',
    {},
    { publish: 1 },
    { publish: () => undefined },
    { poll: () => [] },
    LocalStreamer,
  ]) {
    it(`refuses ${typeof value === 'function' ? 'a class' : JSON.stringify(value)} as a connector, used or not`, () => {
      expect(refused(declared([]), { spare: value }, 'NOT_A_CONNECTOR')).to.contain("config.streamers['spare']")
    })
  }

  it('refuses a connector with facts and no capabilities, used or not, and says what to rename', () => {
    const { capabilities: facts, ...rest } = { capabilities: local().capabilities, ...bare }
    expect(refused(declared([]), { spare: { ...rest, facts } }, 'NOT_A_CONNECTOR'))
      .to.contain("config.streamers['spare']")
      .and.contain("'capabilities'")
    const both = { ...rest, facts, capabilities: facts }
    expect(topologyOf(declared([]), { spare: both }, {}).published.size).to.equal(0)
  })

  it("refuses a streamer's id that can stand in no address", () => {
    refused(declared([]), { 'a/b': local() }, 'ADDRESS_MALFORMED')
    refused(declared([]), { '': local() }, 'ADDRESS_MALFORMED')
  })

  it('refuses a streamer that lacks what an event requires, and names one that has it', () => {
    const wanting = event({ streamTo: ['bare/x'], requires: { ordering: 'key', durable: true } })
    const message = refused(declared([wanting]), { bare, main: local() }, 'CAPABILITY_MISSING')
    expect(message).to.contain('ordering').and.contain("'main'").and.contain('PostCreated')
    expect(topologyOf(declared([{ ...wanting, streamTo: ['main/x'] }]), { main: local() }, {}).published.size).to.equal(
      1
    )
  })

  it('refuses two handlers of one name, and lets one class handle several', () => {
    const twin = { HandlesPosts: class HandlesPosts extends HandlesUsers {} }.HandlesPosts
    refused(declared([], [handler({}), handler({ handlerClass: twin })]), { main: local() }, 'DECLARATION_CONFLICT')
    const both = declared([], [handler({}), handler({ eventClass: UserCreated })])
    expect(topologyOf(both, { main: local() }, {}).received.get('main/posts')).to.have.length(2)
  })

  for (const retry of [
    { attempts: 0 },
    { attempts: 1.5 },
    { firstDelayMs: -1 },
    { factor: 0.5 },
    { maxDelayMs: 1 },
    { jitter: 2 },
    { attempts: NaN },
  ]) {
    it(`refuses the retry policy ${JSON.stringify(retry)}`, () => {
      expect(refused(declared([], [handler({ options: { retry } })]), { main: local() }, 'OPTION_INVALID')).to.contain(
        Object.keys(retry)[0]
      )
    })
  }
})

describe('declared at', () => {
  it('names the file that applied a decorator', () => {
    expect(declaredAt('PostCreated')).to.match(/^class PostCreated \(.*topology\.test\.ts:\d+\)$/)
  })
})
