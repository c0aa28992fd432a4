import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { asAdmin } from '../support/cluster'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { Streamers, notes, numbersOf } from '../support/streamers'
import { until } from '../support/until'

describe('topics of Kafka', function () {
  this.timeout(60_000)

  describeWithServer('kafka', (server) => {
    const streamers = new Streamers(() => server().url)
    afterEach(() => streamers.close())

    const topics = (): Promise<string[]> => asAdmin(server().url, (admin) => admin.listTopics())

    it('are made by provision alone: who polls, publishes, reads or asks for health makes none', async () => {
      const topic = `topic-${randomUUID()}`
      const streamer = streamers.open('absent')
      const attempts: readonly (() => Promise<unknown>)[] = [
        () => streamer.poll(topic).then(() => streamer.poll(topic)),
        () => streamer.publish(notes(1), topic),
        () => streamer.read(topic, {}).next(),
      ]
      for (const attempt of attempts) {
        const { at, hint, message, retryable } = await rejection(attempt(), 'STREAMER_UNAVAILABLE')
        expect([at, retryable]).to.deep.equal([`topic ${topic}`, true])
        expect(message).to.contain(`no topic '${topic}'`)
        expect(hint).to.contain(`provision(['${topic}'])`)
      }
      const { healthy, details } = await streamer.health()
      expect([healthy, details.error, details.at]).to.deep.equal([false, 'STREAMER_UNAVAILABLE', `topic ${topic}`])
      expect(details.hint).to.contain('Create it')
      expect(await topics()).not.to.include(topic)
    })

    it('are read as soon as an operator has made them, as he made them, with no restart', async () => {
      const topic = `topic-${randomUUID()}`
      const reader = streamers.open('waiting')
      await rejection(reader.poll(topic), 'STREAMER_UNAVAILABLE')
      await asAdmin(server().url, (admin) => admin.createTopics({ topics: [{ topic, numPartitions: 3 }] }))
      await streamers.open().publish(notes(9, { keys: 9 }), topic)
      const received: ExternalEvent[] = []
      await until('the events', async () => {
        received.push(...(await reader.poll(topic).catch(() => [])))
        return received.length === 9
      })
      expect(numbersOf(received).sort()).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8])
      const { topics: found } = await asAdmin(server().url, (admin) => admin.fetchTopicMetadata({ topics: [topic] }))
      expect(found[0]?.partitions.length).to.equal(3)
      await until('it to be healthy', async () => (await reader.health()).healthy)
    })

    it('that are deleted under a reader are told as gone within seconds, and made again by nobody but an operator', async () => {
      const topic = await streamers.topic(2)
      const reader = streamers.open('deleted')
      await streamers.open().publish(notes(4, { keys: 4 }), topic)
      let count = 0
      await until('the events', async () => (count += (await reader.poll(topic)).length) === 4)
      await asAdmin(server().url, (admin) => admin.deleteTopics({ topics: [topic] }))
      await until('the poll to say so', () =>
        reader.poll(topic).then(
          () => false,
          ({ message }: Error) => message.includes(`no topic '${topic}'`)
        )
      )
      await rejection(reader.poll(topic), 'STREAMER_UNAVAILABLE')
      expect(await topics()).not.to.include(topic)
    })
  })
})
