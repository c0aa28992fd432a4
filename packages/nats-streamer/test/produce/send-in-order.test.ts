import { expect } from 'chai'
import fc from 'fast-check'
import { headers } from '@nats-io/nats-core'
import { StreamerError, isPartialPublishError } from '@boostercloud/streamer-connector'
import type { Outgoing, Settled } from '../../src/client/acks'
import { sendInOrder } from '../../src/produce/publish'
import type { KeyedMessage } from '../../src/produce/publish'

type Fate = 'stored' | 'unknown' | 'refused'

const keyed = (key: string | undefined, n: number): KeyedMessage => ({
  key,
  subject: 'posts',
  body: Uint8Array.of(n),
  headers: headers(),
})

/** Sends through a stream that answers in some order, some with errors. */
async function send(
  messages: readonly KeyedMessage[],
  maxInFlight: number,
  fateOf: (place: number) => Fate,
  next: (waiting: number) => number
): Promise<{ sent: number[]; failed: Map<number, StreamerError>; most: number }> {
  const sent: number[] = []
  const waiting: (() => void)[] = []
  let most = 0
  const deliver = (message: Outgoing, settled: Settled): void => {
    const place = message.body[0]
    sent.push(place)
    const fate = fateOf(place)
    waiting.push(() =>
      settled(
        fate === 'stored'
          ? undefined
          : new StreamerError('STREAMER_UNAVAILABLE', fate, { retryable: fate === 'unknown' })
      )
    )
    most = Math.max(most, waiting.length)
  }
  const done = sendInOrder(messages, deliver, maxInFlight).then(
    () => undefined,
    (thrown: unknown) => thrown
  )
  while (waiting.length > 0) waiting.splice(next(waiting.length), 1)[0]()
  const thrown = await done
  const all = (error: StreamerError): Map<number, StreamerError> => new Map(messages.map((_, index) => [index, error]))
  const failed = isPartialPublishError(thrown)
    ? new Map(thrown.failed.map(({ index, error }) => [index, error]))
    : thrown
      ? all(thrown as StreamerError)
      : new Map<number, StreamerError>()
  return { sent, failed, most }
}

const batch = fc.array(fc.constantFrom('a', 'b', 'c', undefined), { minLength: 1, maxLength: 40 })

describe('sending in order', () => {
  it('has one message of a key under way, and the bound of all, and sends every message once', async () => {
    await fc.assert(
      fc.asyncProperty(
        batch,
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.nat(1000)),
        async (keys, bound, order) => {
          const messages = keys.map(keyed)
          const { sent, failed, most } = await send(
            messages,
            bound,
            () => 'stored',
            (waiting) => (order.next().value as number) % waiting
          )
          expect(failed.size).to.equal(0)
          expect([...sent].sort((x, y) => x - y)).to.deep.equal(keys.map((_, place) => place))
          expect(most).to.be.at.most(bound)
          for (const key of ['a', 'b', 'c']) {
            const places = sent.filter((place) => keys[place] === key)
            expect(places).to.deep.equal([...places].sort((x, y) => x - y))
          }
        }
      )
    )
  })

  it('holds back the rest of a key behind what may have failed, and of no other', async () => {
    await fc.assert(
      fc.asyncProperty(batch, fc.nat(39), fc.infiniteStream(fc.nat(1000)), async (keys, at, order) => {
        const bad = at % keys.length
        const fateOf = (place: number): Fate => (place === bad ? 'unknown' : 'stored')
        const { sent, failed } = await send(keys.map(keyed), 8, fateOf, (n) => (order.next().value as number) % n)
        const behind = keys.flatMap((key, place) =>
          place === bad || (key !== undefined && key === keys[bad] && place > bad) ? [place] : []
        )
        expect([...failed.keys()].sort((x, y) => x - y)).to.deep.equal(behind)
        expect([...failed.values()].every(({ retryable }) => retryable)).to.equal(true)
        expect(sent).to.have.length(keys.length - behind.length + 1)
      })
    )
  })

  it('goes on behind what is refused for good', async () => {
    const fateOf = (place: number): Fate => (place === 1 ? 'refused' : 'stored')
    const { sent, failed } = await send(['a', 'a', 'a'].map(keyed), 8, fateOf, () => 0)
    expect([sent, [...failed.keys()]]).to.deep.equal([[0, 1, 2], [1]])
  })

  it('rejects with the error itself where nothing was stored', async () => {
    const { failed } = await send(
      ['a', 'b'].map(keyed),
      8,
      () => 'unknown',
      () => 0
    )
    expect([...failed.values()].map(({ message }) => message)).to.deep.equal(
      Array(2).fill('[STREAMER_UNAVAILABLE] unknown')
    )
  })

  it('takes what fails at once', async () => {
    const unavailable = new StreamerError('STREAMER_UNAVAILABLE', 'x', { retryable: true })
    const many = Array.from({ length: 20_000 }, (_, n) => keyed(undefined, n))
    const thrown: unknown = await sendInOrder(many, (_, settled) => settled(unavailable), 4).catch(
      (error: unknown) => error
    )
    expect(thrown).to.equal(unavailable)
  })
})
