import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { EventBridgeStreamer, batchResponse } from '../../src'
import { rejection } from '../../../streamer-connector/test/support/rejection'

/** As AWS documents what EventBridge delivers: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
const S3_EVENT = {
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '111122223333',
  time: '2021-11-12T00:00:00Z',
  region: 'ca-central-1',
  resources: ['arn:aws:s3:::amzn-s3-demo-bucket1'],
  detail: {
    version: '0',
    bucket: { name: 'amzn-s3-demo-bucket1' },
    object: { key: 'example-key', size: 5 },
    reason: 'PutObject',
  },
}

const OWN_EVENT = {
  ...S3_EVENT,
  id: 'f3d1f1f0-0000-4000-8000-000000000001',
  'detail-type': 'PostCreated',
  source: 'posts',
  resources: [],
  detail: {
    specversion: '1.0',
    id: 'id-1',
    source: 'blog',
    type: 'PostCreated',
    subject: 'post-1',
    data: { title: 'Hello' },
  },
}

/** As https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html has it. */
function message(messageId: string, body: unknown, queue = 'blog-production-posts'): object {
  return {
    messageId,
    receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1545082649183',
      SenderId: 'AIDAIENQZJOLO23YVJ4VO',
      ApproximateFirstReceiveTimestamp: '1545082649185',
    },
    messageAttributes: {},
    md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-2:123456789012:${queue}`,
    awsRegion: 'us-east-2',
  }
}

const SECRET = 'iban-DE89370400440532013000'
const topics = { uploads: { queue: 'uploads', types: { 'Object Created': 'ObjectCreated' } } }
const streamer = EventBridgeStreamer.with({ topics })
streamer.attach({ streamerId: 'main', appName: 'blog', environment: 'production' })

describe('what Lambda hands over', () => {
  it('is read for a queue, each event with the id of its message', async () => {
    const Records = [message('m-1', OWN_EVENT), message('m-2', 'poison {'), message('m-3', S3_EVENT, 'uploads')]
    const [own, poison, upload] = await streamer.transformEvents([{ Records }])
    expect([own.eventId, own.streamerTopic, own.streamerId]).to.deep.equal(['m-1', 'posts', 'main'])
    expect(own.eventPayload).to.deep.equal({ title: 'Hello' })
    expect(own.metadata).to.include({ id: 'id-1', type: 'PostCreated', source: 'blog', key: 'post-1' })
    expect([poison.eventId, poison.metadata?.undecodable?.code]).to.deep.equal(['m-2', 'EVENT_UNDECODABLE'])
    expect(poison.streamerTopic).to.equal('posts')
    expect([upload.eventId, upload.streamerTopic]).to.deep.equal(['m-3', 'uploads'])
    expect(upload.metadata).to.include({ id: S3_EVENT.id, type: 'ObjectCreated', source: 'aws.s3' })
  })

  it('has the attributes of its message as headers; they say what a body is that did not come through EventBridge', async () => {
    const text = (stringValue: string): object => ({ stringValue, dataType: 'String', stringListValues: [] })
    const told = async (body: unknown, messageAttributes: unknown): Promise<ExternalEvent> => {
      const Records = [{ ...message('m-1', body), messageAttributes }]
      return (await streamer.transformEvents([{ Records }], 'posts'))[0]
    }
    const binary = { dataType: 'Binary', binaryValue: Buffer.from([0xff]).toString('base64') }
    const said = { tenant: text('acme'), __proto: text('x'), trace: binary, broken: 7, none: {} }
    const bare = await told({ n: 1 }, said)
    expect(bare.eventPayload).to.deep.equal({ n: 1 })
    expect(bare.metadata?.headers).to.deep.equal({ tenant: 'acme', __proto: 'x', trace: 'base64:/w==' })

    const packed = gzipSync('{"n":2}').toString('base64')
    const unpacked = await told(packed, {
      'Content-Type': text('application/json'),
      'content-encoding': text('gzip'),
    })
    expect(unpacked.eventPayload).to.deep.equal({ n: 2 })
    expect(unpacked.metadata).to.deep.include({ contentType: 'application/json', contentEncoding: 'gzip', headers: {} })
    expect((await told('Hello', { 'content-type': text('text/plain') })).eventPayload).to.equal('Hello')
    expect((await told(packed, { 'content-encoding': text('rot13') })).metadata?.undecodable?.message).to.contain(
      'rot13'
    )
    expect((await told('Hello', {})).metadata?.undecodable?.code).to.equal('EVENT_UNDECODABLE')

    const own = { ...OWN_EVENT, detail: { ...OWN_EVENT.detail, headers: '{"tenant":"own"}' } }
    const event = await told(own, { ...said, 'content-type': text('text/plain'), more: text('yes') })
    expect(event.eventPayload).to.deep.equal({ title: 'Hello' })
    expect(event.metadata?.contentType).to.equal('application/json')
    expect(event.metadata?.headers)
      .to.deep.include({ tenant: 'own', more: 'yes' })
      .and.not.have.property('content-type')
  })

  it('is read for a rule, each event with its own id', async () => {
    const [own, foreign] = await streamer.transformEvents([OWN_EVENT, S3_EVENT])
    expect([own.eventId, own.streamerTopic, own.metadata?.id]).to.deep.equal([OWN_EVENT.id, 'posts', 'id-1'])
    expect([foreign.eventId, foreign.streamerTopic]).to.deep.equal([S3_EVENT.id, 'aws.s3'])
    expect(foreign.eventPayload).to.deep.equal(S3_EVENT.detail)
  })

  it('may be single records, of the topic that is named', async () => {
    const [event] = await streamer.transformEvents([message('m-9', { n: 9 })], 'notes')
    expect(event).to.deep.include({ streamerTopic: 'notes', eventPayload: { n: 9 }, eventId: 'm-9' })
  })

  it('is read around bad records, each of which is undecodable of the topic that is named', async () => {
    const bad = [
      {},
      7,
      null,
      { messageId: 'm-2' },
      { ...message('m-3', ''), body: 7 },
      message('m-4', '['.repeat(20_000)),
    ]
    const Records = [message('m-1', OWN_EVENT), ...bad, message('m-9', OWN_EVENT)]
    const events = await streamer.transformEvents([{ Records }], 'posts')
    expect(events.map(({ metadata }) => metadata?.undecodable?.code ?? 'read')).to.deep.equal([
      'read',
      ...bad.map(() => 'EVENT_UNDECODABLE'),
      'read',
    ])
    const ids = events.map(({ eventId }) => eventId)
    expect(ids).to.include.members(['m-1', 'm-2', 'm-3', 'm-4', 'm-9'])
    expect(new Set(ids).size).to.equal(ids.length)
  })

  it('is of the topic that its queue is called after, where nothing else says one', async () => {
    const Records = [
      message('m-1', OWN_EVENT, 'unknown'),
      message('m-2', '{', 'unknown'),
      message('m-3', {}, 'unknown'),
    ]
    const events = await streamer.transformEvents([{ Records }])
    expect(events.map(({ streamerTopic }) => streamerTopic)).to.deep.equal(['posts', 'unknown', 'unknown'])
    const [own, nameless] = await streamer.transformEvents([OWN_EVENT, { ...OWN_EVENT, source: '' }], 'posts')
    expect([own.streamerTopic, nameless.streamerTopic]).to.deep.equal(['posts', 'posts'])
  })

  it('of a rule is undecodable where it is nested deeper than can be written down again', async () => {
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown
    const [event] = await streamer.transformEvents([{ ...OWN_EVENT, detail: deep }])
    expect(event).to.deep.include({ eventId: OWN_EVENT.id, streamerTopic: 'posts', eventPayload: undefined })
    expect(event.metadata?.undecodable?.code).to.equal('EVENT_UNDECODABLE')
  })

  it('is nothing else', async () => {
    const kinesis = { eventSource: 'aws:kinesis', messageId: 'a', body: '{}' }
    const others = [{ Records: [{}] }, { Records: [kinesis] }, { 'detail-type': 'x', detail: {} }]
    const wrong = [undefined, 7, {}, { messageId: 'a' }, kinesis, ...others]
    for (const input of wrong) await rejection(streamer.transformEvents([input], 'posts'), 'EVENT_UNDECODABLE')
    const { eventSourceARN: _, ...fromNowhere } = message('m', '{') as Record<string, unknown>
    await rejection(streamer.transformEvents([fromNowhere]), 'TOPIC_MISSING')
  })

  it('is answered with the messages that are to come again', () => {
    expect(batchResponse([])).to.deep.equal({ batchItemFailures: [] })
    expect(streamer.batchResponse(['m-2', 'm-2', 'm-3'])).to.deep.equal({
      batchItemFailures: [{ itemIdentifier: 'm-2' }, { itemIdentifier: 'm-3' }],
    })
  })

  it('says nothing of what a malformed body holds', async () => {
    const detail = { specversion: '1.0', id: '1', data_base64: SECRET }
    for (const body of [`{"iban":"${SECRET}`, { version: '0', id: '1', source: 's', 'detail-type': 'T', detail }]) {
      const record = { ...message('m-1', {}), body: typeof body === 'string' ? body : JSON.stringify(body) }
      const [event] = await streamer.transformEvents([record], 'posts')
      expect(event.metadata?.undecodable?.code).to.equal('EVENT_UNDECODABLE')
      expect(inspect(event.metadata?.undecodable, { depth: 10 })).to.not.contain(SECRET)
    }
    expect(inspect(await rejection(streamer.transformEvents([SECRET]), 'EVENT_UNDECODABLE'))).to.not.contain(SECRET)
  })
})
