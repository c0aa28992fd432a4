import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { asAdmin } from '../support/cluster'
import { Streamers, notes, numbersOf } from '../support/streamers'
import { until } from '../support/until'

describe('a Kafka cluster', function () {
  this.timeout(60_000)

  describeWithServer('kafka', (server) => {
    const streamers = new Streamers(() => server().url)
    afterEach(() => streamers.close())

    const partitionsOf = (topic: string): Promise<number> =>
      asAdmin(server().url, async (admin) => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
        return topics[0]?.partitions.length ?? 0
      })

    it('is given topics as the options say, and what is there stays unless they say so', async () => {
      const settings = { partitions: 4, retentionMs: 3_600_000, config: { 'cleanup.policy': 'compact' } }
      const topic = await streamers.topic(2)
      const open = (own: object): ReturnType<Streamers['open']> => streamers.open('p', {}, { topics: { '*': own } })
      await open(settings).provision([topic, topic, `${topic}-new`])
      expect(await partitionsOf(topic), 'what is there').to.equal(2)
      expect(await partitionsOf(`${topic}-new`)).to.equal(4)
      const configs = await asAdmin(server().url, (admin) =>
        admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: `${topic}-new` }] })
      )
      const entries = configs.resources[0]?.configEntries ?? []
      const told = Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]))
      expect([told['retention.ms'], told['cleanup.policy']]).to.deep.equal(['3600000', 'compact'])
      await open({ partitions: 5, addPartitions: true }).provision([topic])
      expect(await partitionsOf(topic), 'more').to.equal(5)
      await open({ partitions: 3, addPartitions: true }).provision([topic])
      expect(await partitionsOf(topic), 'never fewer').to.equal(5)
    })

    it('is read again over several partitions, and no group of a replay stays behind', async () => {
      const topic = await streamers.topic(3)
      const streamer = streamers.open('replay')
      await streamer.publish(notes(30, { keys: 9 }), topic)
      const read = async (from?: string, to?: string): Promise<ExternalEvent[]> => {
        const events: ExternalEvent[] = []
        for await (const event of streamer.read(topic, { from, to })) events.push(event)
        return events
      }
      const all = await read()
      expect(numbersOf(all).sort((a, b) => a - b)).to.deep.equal(notes(30).map(({ n }) => n))
      const ids = all.map(({ eventId }) => eventId as string)
      expect(new Set(ids).size).to.equal(30)
      expect((await read(ids[7], ids[21])).map(({ eventId }) => eventId)).to.deep.equal(ids.slice(7, 21))
      const { groups } = await asAdmin(server().url, (admin) => admin.listGroups())
      expect(groups.filter(({ groupId }) => groupId.startsWith('replay'))).to.deep.equal([])
    })

    it('is told of in health: the lag of each partition', async () => {
      const topic = await streamers.topic(1)
      const [streamer, publisher] = [streamers.open('lagging'), streamers.open()]
      await publisher.publish(notes(5), topic)
      let received: ExternalEvent[] = []
      await until('the events', async () => (received = received.concat(await streamer.poll(topic))).length === 5)
      const lag = async (): Promise<unknown> => (await streamer.health()).details[`${topic}.lag.0`]
      expect(await lag()).to.equal(5)
      await streamer.acknowledge(received[2]?.eventId as string, topic)
      expect(await lag()).to.equal(2)
      await streamer.acknowledge(received[4]?.eventId as string, topic)
      expect(await streamer.health()).to.deep.include({ healthy: true })
      expect(await lag()).to.equal(0)
    })
  })
})
