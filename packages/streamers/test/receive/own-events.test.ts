import { metadataOf, withMetadata } from '@boostercloud/streamer-connector'
import type { ExternalEvent, StreamerConnectorPollingInterface } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import type { Link } from '../../src/receive'
import { unpackEvent } from '../../src/state'
import { eventually } from '../support/eventually'
import { TestEffects, receiving } from '../support/receiving'
import type { Receiving } from '../support/receiving'

interface Order {
  readonly n: number
  readonly key: string
  items: { sku: string }[]
  touched?: boolean
}

const ORDER = { key: 'a', n: 1, items: [{ sku: 'x' }, { sku: 'y' }] }
const asSeen = ({ items, touched }: Order): string => JSON.stringify([items, touched ?? false])
const WHOLE = JSON.stringify([ORDER.items, false])

/** Does to an event what a handler should not. */
function spoil(event: ExternalEvent): void {
  const order = event.eventPayload as Order
  order.items[0].sku = 'spoilt'
  order.items.shift()
  order.touched = true
  const { headers, raw } = event.metadata ?? {}
  if (headers) (headers as Record<string, string>).spoilt = 'yes'
  raw?.fill(0)
}

/** A connector that decodes nothing, and keeps the objects that it hands out. */
class Keeping implements StreamerConnectorPollingInterface {
  public readonly event: ExternalEvent

  public constructor() {
    const metadata = { id: 'a-1', source: 'test', key: 'a', headers: { tenant: 'acme' }, raw: Buffer.from('{}') }
    const eventPayload = withMetadata(structuredClone(ORDER), metadata)
    this.event = { streamerId: 'log', eventPayload, eventId: '1', metadata }
  }

  public async poll(_topic?: string, cursor?: string): Promise<ExternalEvent[]> {
    if (cursor === undefined) return [this.event]
    await new Promise((resolve) => setTimeout(resolve, 20))
    return []
  }
}

/** The ways by which an event can come. */
const WAYS: Readonly<Record<string, (side: Receiving) => Promise<{ connector?: Keeping }>>> = {
  'decoded from a log': async (side) => {
    await side.publish([ORDER])
    return {}
  },
  'from a connector that keeps its objects': async () => ({ connector: new Keeping() }),
}

for (const [way, published] of Object.entries(WAYS)) {
  describe(`an event ${way}`, () => {
    it('is whole for each handler and for each attempt, whatever was done to it before', () =>
      receiving(async (side) => {
        const own = await published(side)
        const seen: Record<string, string[]> = { First: [], Second: [], Third: [] }
        const effects = new TestEffects((note, link, event) => {
          const { handler } = link
          seen[handler].push(asSeen(note as unknown as Order))
          expect(metadataOf(event.eventPayload)?.headers).to.not.have.property('spoilt')
          expect(metadataOf(event.eventPayload)?.raw?.some((byte) => byte !== 0)).to.equal(true)
          spoil(event)
          if (handler !== 'Second' && seen[handler].length < 3) throw new Error('again')
          return []
        })
        await side.receive({ effects, ...own, links: Object.keys(seen).map((handler) => side.link({ handler })) })
        await eventually(
          () => seen.First.length === 3 && seen.Third.length === 3 && seen.Second.length === 1,
          () => seen
        )
        expect(seen).to.deep.equal({ First: [WHOLE, WHOLE, WHOLE], Second: [WHOLE], Third: [WHOLE, WHOLE, WHOLE] })
        if (own.connector) expect(asSeen(own.connector.event.eventPayload as Order)).to.equal(WHOLE)
      }))

    it('is kept in its dead letter as it was received, with its bytes and headers', () =>
      receiving(async (side) => {
        const own = await published(side)
        const state = await side.state()
        const effects = new TestEffects((_note, _link, event) => {
          spoil(event)
          throw new Error('never')
        })
        await side.receive({ effects, state, ...own })
        await eventually(
          async () => (await state.deadLetters(10)).length === 1,
          async () => state.counts()
        )
        const [letter] = await state.deadLetters(10)
        const { eventPayload, metadata } = unpackEvent(letter.event)
        expect(asSeen(eventPayload as Order)).to.equal(WHOLE)
        expect(metadata?.headers).to.not.have.property('spoilt')
        expect(Buffer.from(metadata?.raw ?? []).toString()).to.equal(own.connector ? '{}' : JSON.stringify(ORDER))
        if (!own.connector) expect(metadata?.contentType).to.equal('application/json')
      }))

    it('is whole when it is handled alone after a batch with it failed', () =>
      receiving(async (side) => {
        const own = await published(side)
        const seen: string[] = []
        const effects = new TestEffects((note, _link, event) => {
          seen.push(asSeen(note as unknown as Order))
          spoil(event)
          if (seen.length === 1) throw new Error('the batch fails')
          return []
        })
        const links: Link[] = [side.link({ batchSize: 10 })]
        await side.receive({ effects, ...own, links })
        await eventually(
          () => seen.length === 2,
          () => seen
        )
        expect(seen).to.deep.equal([WHOLE, WHOLE])
        expect(effects.batches).to.deep.equal([1])
      }))
  })
}
