import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import { GetQueueAttributesCommand, GetQueueUrlCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import type { Revoked } from '@boostercloud/streamer-connector'
import { useMoto } from '../support/moto'
import { eventually, notes, numbers, pollUntil } from '../support/note'
import { rejection } from '../../../streamer-connector/test/support/rejection'

const range = (from: number, to: number): number[] => notes(from, to).map(({ n }) => n)

describeWithServer('moto', (server) => {
  const moto = useMoto(server)

  async function urlOf(topic: string): Promise<string> {
    return (await moto.sqs.send(new GetQueueUrlCommand({ QueueName: `blog-test-${topic}` }))).QueueUrl as string
  }

  /** How many messages the queue has: for anybody, and kept for somebody. */
  async function counts(topic: string): Promise<[number, number]> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
    const command = new GetQueueAttributesCommand({ QueueUrl: await urlOf(topic), AttributeNames: [...names] })
    const { Attributes = {} } = await moto.sqs.send(command)
    return [Number(Attributes[names[0]]), Number(Attributes[names[1]])]
  }

  describe('poll', () => {
    it('deletes up to the mark, and no more, and gives the rest back', async () => {
      const topic = moto.name()
      const streamer = moto.streamer()
      await streamer.poll(topic)
      await streamer.publish(notes(0, 10), topic)
      const events = await pollUntil(streamer, topic, 10)
      for (const mark of [events[3], events[1], events[3], events[6]])
        await streamer.acknowledge(mark.eventId as string, topic)
      expect(await counts(topic)).to.deep.equal([0, 3])
      await streamer.close()
      expect(await counts(topic)).to.deep.equal([3, 0])
      expect(numbers(await pollUntil(moto.streamer(), topic, 3))).to.deep.equal(numbers(events.slice(7)))
    })

    it('keeps from others what a slow handler has', async () => {
      const topic = moto.name()
      const slow = moto.streamer({ visibilitySeconds: 1 })
      await slow.poll(topic)
      await slow.publish(notes(0, 25), topic)
      const events = await pollUntil(slow, topic, 25)
      const other = moto.streamer({ visibilitySeconds: 1 })
      const end = Date.now() + 3500
      while (Date.now() < end) expect(await other.poll(topic)).to.deep.equal([])
      await slow.acknowledge(events[24].eventId as string, topic)
      expect(await counts(topic)).to.deep.equal([0, 0])
    })

    it('says what it could not keep, and is given it again', async () => {
      const topic = moto.name()
      const streamer = moto.streamer({ visibilitySeconds: 1 })
      const revoked: Revoked[] = []
      streamer.onRevoked((each) => revoked.push(each))
      await streamer.poll(topic)
      await streamer.publish(notes(0, 3), topic)
      const events = await pollUntil(streamer, topic, 3)
      moto.proxy.answer = (operation) =>
        operation === 'ChangeMessageVisibilityBatch' ? { status: 503, body: { message: 'away' } } : undefined
      await eventually(() => revoked.flatMap(({ eventIds }) => eventIds).length === 3)
      moto.proxy.answer = () => undefined
      expect(revoked[0].topic).to.equal(topic)
      expect(new Set(revoked.flatMap(({ eventIds }) => eventIds))).to.deep.equal(
        new Set(events.map((each) => each.eventId))
      )
      const again = await pollUntil(streamer, topic, 3)
      expect(numbers(again)).to.deep.equal(range(0, 3))
      await streamer.acknowledge(again[2].eventId as string, topic)
      expect(await counts(topic)).to.deep.equal([0, 0])
    })

    it('rejects what could not be deleted, and deletes it later', async () => {
      const topic = moto.name()
      const streamer = moto.streamer()
      await streamer.poll(topic)
      await streamer.publish(notes(0, 2), topic)
      const events = await pollUntil(streamer, topic, 2)
      const body = { __type: 'AccessDeniedException', message: 'no' }
      moto.proxy.answer = (operation) => (operation === 'DeleteMessageBatch' ? { status: 403, body } : undefined)
      await rejection(streamer.acknowledge(events[1].eventId as string, topic), 'STREAMER_FORBIDDEN')
      moto.proxy.answer = () => undefined
      await eventually(async () => String(await counts(topic)) === '0,0')
    })

    it('reads ahead within a bound', async () => {
      const topic = moto.name()
      const streamer = moto.streamer({ prefetch: 20, pollBatch: 5 })
      await streamer.poll(topic)
      await streamer.publish(notes(0, 60), topic)
      const events = await pollUntil(streamer, topic, 20)
      for (let n = 0; n < 5; n += 1) events.push(...(await streamer.poll(topic)))
      expect(events.length).to.be.within(20, 29)
      let last = events[events.length - 1].eventId
      await eventually(async () => {
        const more = await streamer.poll(topic, last)
        expect(more.length).to.be.at.most(5)
        last = more.at(-1)?.eventId ?? last
        return events.push(...more) === 60
      })
      expect(numbers(events)).to.deep.equal(range(0, 60))
    })

    it('answers at once where nothing more is fetched before something is settled', async () => {
      const topic = moto.name()
      const first = moto.streamer()
      await first.poll(topic)
      await first.close()
      const streamer = moto.streamer({ prefetch: 4, pollWaitMs: 600_000 })
      await streamer.publish(notes(0, 40), topic)
      const events = await pollUntil(streamer, topic, 4)
      for (let more = await streamer.poll(topic); more.length > 0; more = await streamer.poll(topic))
        events.push(...more)
      expect(events.length).to.be.within(4, 13)
    })

    it("takes other producers' events too", async () => {
      const uploads = moto.name('uploads')
      const types = { 'Object Created': 'ObjectCreated' }
      const pattern = {
        source: ['shop.s3'],
        'detail-type': [{ prefix: 'Object' }],
        detail: { size: [{ numeric: ['>', 4] }] },
      }
      const streamer = moto.streamer({ topics: { [uploads]: { eventBus: 'default', pattern, types } } })
      await streamer.poll(uploads)
      const entry = (DetailType: string, size: number): object => ({
        Source: 'shop.s3',
        DetailType,
        Detail: JSON.stringify({ size }),
        Resources: ['arn:aws:s3:::uploads'],
      })
      const Entries = [entry('Object Created', 5), entry('Object Created', 3), entry('Bucket Created', 6)]
      const { Entries: results = [] } = await moto.eventBridge.send(new PutEventsCommand({ Entries: Entries as never }))
      const [event] = await pollUntil(streamer, uploads, 1)
      expect(event.eventPayload).to.deep.equal({ size: 5 })
      expect(event.metadata).to.include({ type: 'ObjectCreated', source: 'shop.s3', id: results[0].EventId })
      expect(event.metadata?.headers).to.include({ region: 'eu-west-1' })
      expect(await streamer.poll(uploads)).to.deep.equal([])
    })

    it('hands out what somebody has put into the queue, readable or not', async () => {
      const topic = moto.name()
      const streamer = moto.streamer()
      await streamer.poll(topic)
      const QueueUrl = await urlOf(topic)
      const text = (StringValue: string): object => ({ DataType: 'String', StringValue })
      const bytes = { DataType: 'Binary', BinaryValue: Buffer.from([0xff, 0x00]) }
      const said = { 'Content-Type': text('text/plain'), tenant: text('acme'), trace: bytes } as never
      for (const MessageBody of ['{"n":1}', 'poison'])
        await moto.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))
      await moto.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'Hello', MessageAttributes: said }))
      const events = await pollUntil(streamer, topic, 3)
      const told = events.find(({ metadata }) => metadata?.headers?.tenant !== undefined)
      expect(told?.eventPayload).to.equal('Hello')
      expect(told?.metadata).to.deep.include({
        contentType: 'text/plain',
        headers: { tenant: 'acme', trace: 'base64:/wA=' },
      })
      expect(events.map(({ eventPayload }) => eventPayload)).to.deep.include({ n: 1 })
      const codes = events.map(({ metadata }) => metadata?.undecodable?.code)
      expect(codes.filter(Boolean)).to.deep.equal(['EVENT_UNDECODABLE'])
    })

    it('says why it cannot read, and reads when it can', async () => {
      const topic = moto.name()
      const streamer = moto.streamer()
      await streamer.poll(topic)
      const body = { __type: 'com.amazonaws.sqs#AccessDeniedException', message: 'Access to the resource is denied.' }
      moto.proxy.answer = (operation) => (operation === 'ReceiveMessage' ? { status: 403, body } : undefined)
      await eventually(
        async () => (await streamer.poll(topic).catch(({ code }: { code: string }) => code)) === 'STREAMER_FORBIDDEN'
      )
      const { healthy, details } = await streamer.health()
      expect([healthy, details.error]).to.deep.equal([false, 'STREAMER_FORBIDDEN'])
      moto.proxy.answer = () => undefined
      await streamer.publish(notes(0, 1), topic)
      await eventually(async () => (await streamer.poll(topic).catch(() => [])).length === 1)
      await eventually(async () => (await streamer.health()).healthy)
    })
  })
})
