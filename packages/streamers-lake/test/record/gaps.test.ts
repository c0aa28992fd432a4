import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { EventInterface } from '@boostercloud/framework-types'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { KafkaStreamer } from '@boostercloud/kafka-streamer'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { NatsStreamer } from '@boostercloud/nats-streamer'
import { isProvisionable, withMetadata } from '@boostercloud/streamer-connector'
import type { Bounded, Closable, StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { eventually } from '../../../streamers/test/support/eventually'
import { Lake } from '../../src'
import type { LakeFault, Recording } from '../../src'

type Made = StreamerConnector & Closable & Bounded

const LIMIT_MS = 60_000
const nothing = (): void => undefined

/** A broker whose retention deletes events after a while. */
interface Forgetful {
  make(folder: string): Made
  /** Where a log counts several topics, events of other topics push out the old ones. */
  readonly fills: boolean
}

function namesWhatItLost({ make, fills }: Forgetful): void {
  let folder: string
  let said: string[]
  let publisher: Made
  let published: number
  let topic: string

  const lake = (): Lake => Lake.with({ path: join(folder, 'lake'), segmentMs: 50 })

  async function record(): Promise<Recording> {
    const logger: StreamerLogger = {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: (text) => void said.push(text),
    }
    return lake().record({ streamers: { main: make(folder) }, addresses: [`main/${topic}`], appName: 'shop', logger })
  }

  async function publish(count: number, to = topic): Promise<void> {
    const events = Array.from({ length: count }, () => {
      published += 1
      const id = `${to}-${published}`
      return withMetadata({ n: published, pad: 'x'.repeat(2_000) }, { id, type: 'Created', key: 'k', source: 'blog' })
    })
    await publisher.publish(events as unknown as EventInterface[], to)
  }

  const recordedBy = async (recording: Recording): Promise<number> => (await recording.health())[0].recorded

  /** The recorder has so many. Publishes on meanwhile where what it is to read may be deleted before it does. */
  async function untilRecorded(recording: Recording, count: number): Promise<void> {
    const isSo = async (): Promise<boolean> => (await recordedBy(recording)) >= count
    await eventually(isSo, () => recording.health(), LIMIT_MS)
  }

  async function positions(): Promise<number[]> {
    const found: number[] = []
    for await (const { position } of lake().read()) found.push(position ?? -1)
    return found
  }

  async function faults(): Promise<LakeFault[]> {
    const found: LakeFault[] = []
    for await (const fault of lake().verify()) found.push(fault)
    return found
  }

  /** The retention has deleted what is published up to now, but for what it always keeps. */
  async function untilDeleted(): Promise<void> {
    const [{ end }] = await publisher.bounds(topic)
    const first = async (): Promise<number> => (await publisher.bounds(topic))[0].first
    await eventually(
      async () => {
        if (fills) await publish(1, 'noise')
        return (await first()) >= end
      },
      first,
      LIMIT_MS
    )
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lake-'))
    said = []
    published = 0
    topic = basename(folder)
    publisher = make(folder)
    if (isProvisionable(publisher)) await publisher.provision([topic])
  })

  afterEach(async () => {
    await publisher.close()
    await rm(folder, { recursive: true })
  })

  it('names what was deleted before it was recorded, with positions and times, and records on', async () => {
    const first = await record()
    await publish(5)
    await untilRecorded(first, 5)
    await first.stop()
    const before = await positions()
    await publish(7)
    await untilDeleted()
    const second = await record()
    await eventually(
      async () => {
        if ((await recordedBy(second)) > 0) return true
        await publish(1)
        return false
      },
      () => second.health(),
      LIMIT_MS
    )
    const { gaps } = await lake().info()
    const behind = (await positions())[before.length]
    expect(gaps, said.join()).to.have.length(1)
    expect(gaps[0]).to.include({ address: `main/${topic}`, first: before[4] + 1 })
    expect(gaps[0].last).to.be.within(before[4] + 7, behind - 1)
    expect(Date.parse(gaps[0].after ?? '')).to.be.greaterThan(0)
    const [health] = await second.health()
    expect(health.gaps).to.have.length(1)
    expect(health.healthy).to.equal(true)
    await second.stop()
    expect(said.filter((text) => text.includes('before they were recorded'))).to.have.length(1)
    expect(await faults()).to.have.length(1)
    expect((await faults())[0]).to.include({ kind: 'events-deleted' })

    const third = await record()
    await third.stop()
    expect((await lake().info()).gaps).to.deep.equal(gaps)
  })

  it('takes nothing for lost that was recorded before it was deleted', async () => {
    const first = await record()
    await publish(5)
    await untilRecorded(first, 5)
    await untilDeleted()
    await first.stop()
    const second = await record()
    await eventually(
      async () => {
        if ((await recordedBy(second)) > 0) return true
        await publish(1)
        return false
      },
      () => second.health(),
      LIMIT_MS
    )
    await second.stop()
    expect((await lake().info()).gaps, said.join()).to.deep.equal([])
    expect(await faults()).to.deep.equal([])
  })
}

describe('a recorder that the retention outran', function () {
  this.timeout(180_000)

  describe('on the embedded log', () => {
    const make = (folder: string): LocalStreamer =>
      LocalStreamer.with({ path: join(folder, 'log'), pollWaitMs: 50, retention: { maxBytes: 300_000 } })
    namesWhatItLost({ make, fills: true })
  })

  describeWithServer('nats', (server) => {
    const make = (folder: string): NatsStreamer => {
      const stream = basename(folder)
      const retention = { maxAgeMs: 3_000 }
      return NatsStreamer.with({
        servers: server().url,
        stream,
        subject: `${stream}.{topic}`,
        pollWaitMs: 50,
        retention,
        duplicateWindowMs: 1_000,
      })
    }
    namesWhatItLost({ make, fills: false })
  })

  describeWithServer(
    'kafka',
    (server) => {
      const make = (folder: string): KafkaStreamer =>
        KafkaStreamer.with({
          brokers: [server().url],
          topics: { [basename(folder)]: { retentionMs: 6_000 } },
          consumer: { groupId: basename(folder) },
        })
      namesWhatItLost({ make, fills: false })
    },
    { settings: { 'log.retention.check.interval.ms': '300', 'log.segment.delete.delay.ms': '100' } }
  )
})
