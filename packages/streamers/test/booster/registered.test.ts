import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { BoosterApp } from '../support/booster-app'
import { eventually } from '../support/eventually'

const app = (providerPackage: string): Record<string, string> => ({
  'src/index.ts': `import { Booster } from '@boostercloud/framework-core'
export { Booster, boosterEventDispatcher, boosterServeGraphQL } from '@boostercloud/framework-core'
Booster.start(__dirname)
`,
  'src/config.ts': `import { Booster } from '@boostercloud/framework-core'
import { BoosterConfig } from '@boostercloud/framework-types'
import { LocalStreamer } from '@boostercloud/local-streamer'

Booster.configure('local', (config: BoosterConfig): void => {
  config.appName = 'basket'
  config.providerPackage = '${providerPackage}'
  config.streamers = { log: LocalStreamer.with({ path: 'log' }) }
})
`,
  'src/basket.ts': `import { Command, Entity, EventHandler as LocalHandler, Reduces } from '@boostercloud/framework-core'
import { Register, UUID } from '@boostercloud/framework-types'
import { Event, EventHandler } from '@boostercloud/streamers'

@Event({ streamTo: ['log/items', 'log/audit'] })
export class ItemAdded {
  public static readonly eventType = 'com.acme.ItemAdded'
  public constructor(readonly basketId: UUID, readonly item: { name: string; weight?: number }) {}
  public entityID(): UUID {
    return this.basketId
  }
}

@Event({ streamTo: ['log/counted', 'log/counted-audit'] })
export class ItemCounted {
  public constructor(readonly basketId: UUID, readonly names: string[][]) {}
  public entityID(): UUID {
    return this.basketId
  }
}

@Event({ streamTo: ['log/seen', 'log/seen-audit'] })
export class ItemSeen {
  public constructor(readonly basketId: UUID, readonly item: { name: string }) {}
  public entityID(): UUID {
    return this.basketId
  }
}

@LocalHandler(ItemAdded)
export class SeesItems {
  public static async handle(event: ItemAdded, register: Register): Promise<void> {
    const item = { name: event.item.name }
    const seen = new ItemSeen(event.basketId, item)
    register.events(seen, new ItemSeen(event.basketId, item), seen)
    await register.flush()
    item.name = 'changed after it was stored'
  }
}

@EventHandler({ streamedFrom: 'log/items' })
export class CountsItems {
  public static async handle(event: ItemAdded, register: Register): Promise<void> {
    const counted = new ItemCounted(event.basketId, [[event.item.name]])
    register.events(counted, counted)
    event.item.name = 'changed by a handler'
  }
}

@Entity
export class Basket {
  public constructor(readonly id: UUID, readonly count: number) {}

  @Reduces(ItemAdded)
  public static added(event: ItemAdded, basket?: Basket): Basket {
    return new Basket(event.basketId, (basket?.count ?? 0) + 1)
  }

  @Reduces(ItemCounted)
  public static counted(_event: ItemCounted, basket: Basket): Basket {
    return basket
  }

  @Reduces(ItemSeen)
  public static seen(_event: ItemSeen, basket: Basket): Basket {
    return basket
  }
}

const shared = new ItemAdded('of-all-commands' as unknown as UUID, { name: 'shared' })

@Command({ authorize: 'all' })
export class CreatePost {
  public constructor(readonly postId: string, readonly title: string) {}

  public static async handle({ postId, title }: CreatePost, register: Register): Promise<void> {
    const added = new ItemAdded(postId as unknown as UUID, { name: title })
    register.events(added, added, shared)
    await register.flush()
    added.item.name = 'changed after it was stored'
    register.events(shared)
    await register.flush()
    register.events(new ItemAdded(postId as unknown as UUID, { name: title, weight: NaN }))
  }
}
`,
})

/** What is in the log for an address. */
async function published(folder: string, topic: string): Promise<ExternalEvent[]> {
  const log = LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 50 })
  try {
    return await log.poll(topic)
  } finally {
    await log.close()
  }
}

/** What is at both addresses once so many events are, each under an id of its own. */
async function inBoth(folder: string, topics: readonly string[], count: number): Promise<ExternalEvent[][]> {
  const all = (): Promise<ExternalEvent[][]> => Promise.all(topics.map((topic) => published(folder, topic)))
  await eventually(
    async () => (await all()).every(({ length }) => length >= count),
    async () => (await all()).map(({ length }) => length),
    60_000
  )
  const both = await all()
  for (const events of both) expect(new Set(events.map(({ metadata }) => metadata?.id)).size).to.equal(count)
  return both
}

const eachTimes = (times: number, names: readonly string[]): string[] =>
  names.flatMap((name) => Array<string>(times).fill(name))

describe('one object that a command, a local handler or a streamed handler registers more than once', function () {
  this.timeout(120_000)

  for (const provider of ['framework-provider-local', 'framework-provider-sql']) {
    it(`is so many events, each published once to each address, as it was stored; what has no form is refused (${provider})`, async () => {
      const basket = await BoosterApp.build(app(`@boostercloud/${provider}`))
      const said: string[] = []
      try {
        await basket.run(join(__dirname, '..', 'rfc', 'run-command.cjs'), ['one-basket', 'pear'], (line) =>
          said.push(line)
        )
        const counts = async (): Promise<number[]> =>
          Promise.all(['items', 'audit'].map(async (topic) => (await published(basket.folder, topic)).length))
        // What JSON cannot carry is refused, and said so.
        const isRefused = (): boolean => said.join('\n').includes("its field 'item.weight' is NaN")
        await eventually(
          async () => isRefused() && (await counts()).every((count) => count >= 4),
          async () => ({ counts: await counts(), said: said.slice(-20) }),
          60_000
        )
        const [items, audit] = [await published(basket.folder, 'items'), await published(basket.folder, 'audit')]
        for (const events of [items, audit]) {
          const names = events.map(({ eventPayload }) => (eventPayload as { item: { name: string } }).item.name)
          expect([...names].sort()).to.deep.equal(['pear', 'pear', 'shared', 'shared'])
          expect(new Set(events.map(({ metadata }) => metadata?.id)).size).to.equal(4)
          // Its store knows the class by its name, the wire by its eventType.
          expect(new Set(events.map(({ metadata }) => metadata?.type))).to.deep.equal(new Set(['com.acme.ItemAdded']))
        }
        const counted = await inBoth(basket.folder, ['counted', 'counted-audit'], 8)
        for (const events of counted) {
          const names = events.map(({ eventPayload }) => (eventPayload as { names: string[][] }).names[0][0])
          expect([...names].sort()).to.deep.equal(eachTimes(4, ['pear', 'shared']))
        }
        const seen = await inBoth(basket.folder, ['seen', 'seen-audit'], 12)
        for (const events of seen) {
          const names = events.map(({ eventPayload }) => (eventPayload as { item: { name: string } }).item.name)
          expect([...names].sort()).to.deep.equal(eachTimes(6, ['pear', 'shared']))
        }
        const known = (events: readonly ExternalEvent[]): unknown[] =>
          events.map(({ metadata = {} }) => [metadata.id, metadata.time, metadata.correlationId]).sort()
        expect(known(items)).to.deep.equal(known(audit))
        expect(known(counted[0])).to.deep.equal(known(counted[1]))
        expect(known(seen[0])).to.deep.equal(known(seen[1]))
      } finally {
        await basket.remove()
      }
    })
  }
})
