import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { metadataToPublish, wireTypeOf, withMetadata } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Declarations, topologyOf } from '../../src/declare'
import type { EventDeclaration, HandlerDeclaration, Topology } from '../../src/declare'
import { dispatch } from '../../src/receive'

class PostCreated {
  public entityID(): never {
    throw new Error('not asked')
  }
}
class PostLiked extends PostCreated {
  public static readonly eventType: string = 'com.acme.PostLiked'
}
/** As a publisher makes one of a contract's class. */
const PostLikedOfPublisher = { PostLiked: class PostLiked2 extends PostLiked {} }.PostLiked
Object.defineProperty(PostLikedOfPublisher, 'name', { value: 'PostLiked' })
class Renamed extends PostCreated {
  public static readonly eventType: string = 'com.acme.PostLiked'
}
class Wrong extends PostCreated {
  public static readonly eventType: unknown = 7
}
class First {
  public static async handle(): Promise<void> {}
}
class Second {
  public static async handle(): Promise<void> {}
}

const event = (eventClass: EventDeclaration['eventClass']): EventDeclaration => ({
  eventClass,
  streamTo: ['main/posts'],
  requires: {},
  at: eventClass.name,
})
const handler = (own: Partial<HandlerDeclaration>): HandlerDeclaration => ({
  handlerClass: First,
  streamedFrom: ['main/posts'],
  options: {},
  at: 'class First',
  ...own,
})

function topology(events: EventDeclaration[], handlers: HandlerDeclaration[] = []): Topology {
  const declarations = new Declarations()
  declarations.events.push(...events)
  declarations.handlers.push(...handlers)
  return topologyOf(declarations, { main: LocalStreamer.with({ path: join('/nonexistent', 'log') }) }, {})
}

const refusedWith = (code: string, ...of: Parameters<typeof topology>): void => {
  expect(() => topology(...of))
    .to.throw()
    .with.property('code', code)
}

describe('the wire type of a class', () => {
  it('is its static eventType, inherited too, or else its name', () => {
    expect([PostCreated, PostLiked, PostLikedOfPublisher].map(wireTypeOf)).to.deep.equal([
      'PostCreated',
      'com.acme.PostLiked',
      'com.acme.PostLiked',
    ])
    expect(metadataToPublish(withMetadata(new PostLiked(), { subject: 'post-1' }), 'blog').type).to.equal(
      'com.acme.PostLiked'
    )
  })

  it('is what a handler takes, with what it names besides, and nothing else', () => {
    const types = ['liked', 'org.old.PostLiked']
    const { received } = topology([], [handler({ eventClass: PostLiked, options: { types } })])
    const links = received.get('main/posts') ?? []
    expect(links[0]).to.deep.include({ typeName: 'PostLiked', types: ['com.acme.PostLiked', ...types] })
    const takes = (type: string | undefined): number =>
      dispatch({ streamerId: 'main', eventPayload: {}, metadata: { type } }, links).links.length
    expect(['com.acme.PostLiked', 'liked', 'PostLiked', 'other', undefined].map(takes)).to.deep.equal([1, 1, 0, 0, 1])
  })

  it('is one class at an address', () => {
    refusedWith('DECLARATION_CONFLICT', [event(PostLiked), event(Renamed)])
    const first = handler({ eventClass: PostLiked })
    refusedWith('DECLARATION_CONFLICT', [], [first, handler({ handlerClass: Second, eventClass: Renamed })])
    const options = { types: ['com.acme.PostLiked'] }
    refusedWith(
      'DECLARATION_CONFLICT',
      [],
      [first, handler({ handlerClass: Second, eventClass: PostCreated, options })]
    )
    expect(() => topology([event(PostLiked), event(Renamed)])).to.throw(/PostLiked and Renamed.*main\/posts/)
    const elsewhere = handler({ handlerClass: Second, eventClass: Renamed, streamedFrom: ['main/others'] })
    const same = handler({ handlerClass: Second, eventClass: PostLikedOfPublisher })
    for (const other of [elsewhere, same]) topology([event(PostLikedOfPublisher)], [first, other])
  })

  it('is a printable text, and types go with a class', () => {
    refusedWith('OPTION_INVALID', [event(Wrong)])
    refusedWith('OPTION_INVALID', [], [handler({ eventClass: Wrong })])
    for (const type of ['', ' a', 'a\n', 'x'.repeat(1_001)])
      refusedWith('OPTION_INVALID', [], [handler({ eventClass: PostLiked, options: { types: [type] } })])
    refusedWith('OPTION_INVALID', [], [handler({ options: { types: ['liked'] } })])
  })
})
