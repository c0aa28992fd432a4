import './support/environment'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { Server } from '@boostercloud/dev-brokers'
import type { ParkedEvent, StateStore } from '@boostercloud/streamers/state'
import { expect } from 'chai'
import { join } from 'node:path'
import { eventually } from '../../streamers/test/support/eventually'
import { FUNCTIONS } from '../src/names'
import { DeployedApp } from './support/deployed-app'
import { busEvent, kafkaBatch, queueBatch, scheduled } from './support/payloads'

const NOTHING_LEFT = { batchItemFailures: [] }

describe('functions of a built app', function () {
  this.timeout(180_000)

  describeWithServer('dynamodb', (dynamodb) => {
    describeWithServer('kafka', (kafka) => tests(dynamodb, kafka))
  })
})

function tests(dynamodb: () => Server, kafka: () => Server): void {
  let app: DeployedApp
  let state: StateStore
  before(async () => {
    app = await DeployedApp.start(dynamodb().url, kafka().url)
    await app.call(FUNCTIONS.retry, undefined, scheduled)
    state = await app.state()
  })
  after(async () => {
    await state?.close()
    await app?.stop()
  })

  const runsOf = async (of: string): Promise<number[]> =>
    (await app.runs()).filter((run) => run.of === of).map(({ n }) => n)
  const receivedOf = async (of: string): Promise<number[]> =>
    (await app.received()).filter((one) => one.of === of).map(({ n }) => n)

  /** Calls the schedule's function again and again, as the schedule does. */
  const retryUntil = (what: string, isSo: () => Promise<boolean>): Promise<void> =>
    eventually(
      async () => {
        await app.call(FUNCTIONS.retry, undefined, scheduled)
        return isSo()
      },
      () => `no ${what}: ${app.log.slice(-2_000)}`,
      60_000
    )
  const letterOf = async (wanted: string): Promise<ParkedEvent | undefined> =>
    (await state.deadLetters(100)).find(({ id }) => id === wanted)
  const nothingParked = async (): Promise<boolean> => (await state.counts()).parked === 0

  it('have nothing of the deployment in memory', async () => {
    const files = await app.loaded()
    expect(
      files.filter((file) => file.includes('/streamers-aws/dist/')),
      'of this package'
    ).not.to.deep.equal([])
    const deploying = /streamers-aws\/(dist\/)?infrastructure|@aws-cdk|provider-aws-infrastructure/
    expect(files.filter((file) => deploying.test(file))).to.deep.equal([])
  })

  it('handle what a rule delivers, once, however often it does', async () => {
    const event = busEvent({ id: 'rule1', of: 'rule', n: 1 })
    expect(await app.call(FUNCTIONS.receive, 'bus/notes', event)).to.deep.equal(NOTHING_LEFT)
    expect(await app.call(FUNCTIONS.receive, 'bus/notes', event)).to.deep.equal(NOTHING_LEFT)
    expect(await runsOf('rule')).to.deep.equal([1])
    expect(await receivedOf('rule')).to.deep.equal([1])
  })

  it('settle a batch of a queue: handler once, poison a dead letter, what fails parked and tried again', async () => {
    await app.setBad('queue', 2, true)
    const text = (n: number): string => JSON.stringify(busEvent({ id: `queue${n}`, of: 'queue', n }))
    const other = JSON.stringify(busEvent({ id: 'queue9', of: 'other', n: 9 }))
    const batch = queueBatch({ m1: text(1), poison: '{"detail-type": "No', m2: text(2), m3: text(3), m9: other })
    expect(await app.call(FUNCTIONS.receive, 'bus/notes', batch)).to.deep.equal(NOTHING_LEFT)
    expect(await receivedOf('other')).to.deep.equal([9])
    expect(await receivedOf('queue')).to.deep.equal([1])
    const [poison, ...more] = await state.deadLetters(10)
    expect(more).to.deep.equal([])
    expect(poison).to.deep.include({ handler: '', holds: false, address: 'bus/notes' })
    expect(poison.cause).to.include({ code: 'EVENT_UNDECODABLE' })

    expect(await app.call(FUNCTIONS.receive, 'bus/notes', batch)).to.deep.equal(NOTHING_LEFT)
    await app.setBad('queue', 2, false)
    await retryUntil('empty park', nothingParked)
    expect(await receivedOf('queue')).to.have.members([1, 2, 3])
    const good = (await app.runs()).filter(({ of, isBad }) => of === 'queue' && !isBad)
    expect(good.map(({ n }) => n)).to.deep.equal([1, 2, 3])
  })

  it('settle a batch of Kafka around records that are none: each is a dead letter, and the others are handled', async () => {
    const before = (await state.deadLetters(100)).length
    const { records, ...input } = kafkaBatch([1, 2].map((n) => ({ id: `around${n}`, of: 'around', n })))
    const [first, last] = (records as Record<string, object[]>)['notes-0']
    const bad = [{ ...first, offset: 7, value: '*' }, { ...first, offset: 8, headers: [{ constructor: 'x' }] }, null]
    const batch = { ...input, records: { 'notes-0': [first, ...bad, last] } }
    expect(await app.call(FUNCTIONS.receive, 'kafka/notes', batch)).to.deep.equal(NOTHING_LEFT)
    expect(await receivedOf('around')).to.deep.equal([1, 2])
    const letters = (await state.deadLetters(100)).slice(before)
    expect(letters.map(({ handler, cause }) => [handler, cause?.code])).to.deep.equal(
      bad.map(() => ['', 'EVENT_UNDECODABLE'])
    )
  })

  it('give up an event that goes on failing, and stall nothing but its key', async () => {
    await app.setBad('never', 1, true)
    const batch = kafkaBatch([
      { id: 'never1', of: 'never', n: 1 },
      { id: 'never2', of: 'never', n: 2 },
      { id: 'free1', of: 'free', n: 1 },
    ])
    await app.call(FUNCTIONS.receive, 'kafka/notes', batch)
    await retryUntil('dead letter', async () => (await letterOf('never1')) !== undefined)
    expect(await receivedOf('free')).to.deep.equal([1])
    expect(await runsOf('never')).to.deep.equal([1, 1, 1])
    const letter = await letterOf('never1')
    expect(letter).to.deep.include({ handler: 'TakeFromKafka', key: 'never', attempts: 3, holds: true })
    expect(await state.counts()).to.include({ parked: 1 })

    await app.setBad('never', 1, false)
    await state.commit([{ do: 'redrive', place: letter?.place ?? 0, at: Date.now() }, { do: 'notify' }])
    await retryUntil('empty park', nothingParked)
    expect(await runsOf('never')).to.deep.equal([1, 1, 1, 1, 2])
    expect(await receivedOf('never')).to.have.members([1, 2])
  })

  it('keep the order of a key in what Kafka delivers, also while one of its events is parked', async () => {
    await app.setBad('a', 1, true)
    const ids = (of: string, ...numbers: number[]): { id: string; of: string; n: number }[] =>
      numbers.map((n) => ({ id: `${of}${n}`, of, n }))
    await app.call(FUNCTIONS.receive, 'kafka/notes', kafkaBatch([...ids('a', 1, 2), ...ids('b', 1, 2)]))
    await app.setBad('a', 1, false)
    await app.call(FUNCTIONS.receive, 'kafka/notes', kafkaBatch([...ids('a', 1, 2, 3), ...ids('b', 2, 3)]))
    await retryUntil('empty park', nothingParked)
    const good = (await app.runs()).filter(({ isBad }) => !isBad)
    expect(good.filter(({ of }) => of === 'a').map(({ n }) => n)).to.deep.equal([1, 2, 3])
    expect(good.filter(({ of }) => of === 'b').map(({ n }) => n)).to.deep.equal([1, 2, 3])
  })

  it('publish what the stream tells of, pending while the broker is away, in the order of each entity', async () => {
    const reader = KafkaStreamer.with({ brokers: [kafka().url] })
    reader.attach({ streamerId: 'kafka', appName: 'reader', environment: 'test' })
    await reader.provision(['orders'])
    const seen: { orderId: string; n: number; id?: string; correlationId?: string }[] = []
    let mark: string | undefined
    const seenUntil = async (count: number): Promise<void> => {
      const limit = Date.now() + 60_000
      while (seen.length < count && Date.now() < limit) {
        for (const event of await reader.poll('orders', mark).catch(() => [])) {
          const { orderId, n } = event.eventPayload as { orderId: string; n: number }
          const { id, correlationId } = event.metadata ?? {}
          seen.push({ orderId, n, id, correlationId })
          mark = event.eventId ?? mark
        }
      }
    }
    try {
      await app.store({ id: 'o1', n: 1 }, { id: 'o2', n: 1 })
      await app.call(FUNCTIONS.publish, undefined, await app.streamed())
      await seenUntil(2)
      // One command registered both.
      expect(seen[0].correlationId).to.be.a('string').and.to.equal(seen[1].correlationId)
      expect(await state.counts()).to.include({ pending: 0 })

      await kafka().kill()
      await app.store({ id: 'o1', n: 2 }, { id: 'o2', n: 2 })
      await app.call(FUNCTIONS.publish, undefined, await app.streamed())
      expect(await state.counts()).to.include({ pending: 2 })
      await app.call(FUNCTIONS.sweep, undefined, scheduled)
      expect(await state.counts()).to.include({ pending: 2 })

      await kafka().restart()
      await app.store({ id: 'o1', n: 3 })
      await app.call(FUNCTIONS.publish, undefined, await app.streamed())
      expect(await state.counts()).to.include({ pending: 3 })
      for (let times = 0; times < 10 && (await state.counts()).pending > 0; times += 1) {
        await app.call(FUNCTIONS.sweep, undefined, scheduled)
      }
      expect(await state.counts()).to.include({ pending: 0 })

      await app.store({ id: 'o1', n: 4 })
      await app.call(FUNCTIONS.publish, undefined, await app.streamed())
      expect(await state.counts()).to.include({ pending: 0 })
      await seenUntil(6)
      const firsts = [...new Map(seen.map((event) => [event.id, event])).values()]
      expect(firsts.filter(({ orderId }) => orderId === 'o1').map(({ n }) => n)).to.deep.equal([1, 2, 3, 4])
      expect(firsts.filter(({ orderId }) => orderId === 'o2').map(({ n }) => n)).to.deep.equal([1, 2])
    } finally {
      await reader.close()
    }
  })

  it('poll a topic until it is drained', async () => {
    const log = LocalStreamer.with({ path: join(app.folder, 'log') })
    const numbers = [1, 2, 3, 4, 5]
    const notes = numbers.map((n) =>
      withMetadata({ of: 'polled', n }, { id: `polled${n}`, type: 'Note', source: 'writer' })
    )
    await log.publish(notes as unknown as Parameters<typeof log.publish>[0], 'notes')
    await log.close()
    await app.call(FUNCTIONS.poll, 'log/notes', scheduled)
    await app.call(FUNCTIONS.poll, 'log/notes', scheduled)
    expect([...(await runsOf('polled'))].sort()).to.deep.equal(numbers)
    expect(await receivedOf('polled')).to.have.members(numbers)
  })

  it('refuse what no service of AWS hands over', async () => {
    const refused = async (call: Promise<unknown>): Promise<string> => call.then(() => 'taken', String)
    expect(await refused(app.call(FUNCTIONS.receive, 'bus/notes', { hello: 1 }))).to.contain('EVENT_UNDECODABLE')
    expect(await refused(app.call(FUNCTIONS.publish, undefined, {}))).to.contain('EVENT_UNDECODABLE')
    expect(await refused(app.call(FUNCTIONS.receive, undefined, {}))).to.contain('BOOSTER_STREAMERS_ADDRESS')
    expect(await refused(app.call(FUNCTIONS.receive, 'log/notes', {}))).to.contain('DELIVERY_UNAVAILABLE')
  })

  it('have a queue deliver again what could not be settled, and lose nothing of it', async () => {
    const text = JSON.stringify(busEvent({ id: 'late1', of: 'late', n: 1 }))
    await dynamodb().stall()
    const answer = await app
      .call(FUNCTIONS.receive, 'bus/notes', queueBatch({ late: text }))
      .finally(() => dynamodb().goOn())
    expect(answer).to.deep.equal({ batchItemFailures: [{ itemIdentifier: 'late' }] })
    await app.call(FUNCTIONS.receive, 'bus/notes', queueBatch({ late: text }))
    // What the first call has claimed stays its own for as long as a claim lasts.
    await retryUntil('late note', async () => (await receivedOf('late')).length > 0)
    expect(await receivedOf('late')).to.deep.equal([1])
  })
}
