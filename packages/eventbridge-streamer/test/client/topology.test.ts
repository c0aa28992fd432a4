import {
  DescribeArchiveCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import type { StartReplayCommandInput } from '@aws-sdk/client-eventbridge'
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { expect } from 'chai'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { useMoto } from '../support/moto'
import { eventually, notes, numbers } from '../support/note'
import { rejection } from '../../../streamer-connector/test/support/rejection'

async function all(events: AsyncIterable<ExternalEvent> | undefined): Promise<ExternalEvent[]> {
  const got: ExternalEvent[] = []
  for await (const event of events ?? []) got.push(event)
  return got
}

describeWithServer('moto', (server) => {
  const moto = useMoto(server)

  async function queue(topic: string): Promise<{ QueueUrl: string; attributes: Record<string, string> }> {
    const { QueueUrl = '' } = await moto.sqs.send(new GetQueueUrlCommand({ QueueName: `blog-test-${topic}` }))
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })
    return { QueueUrl, attributes: (await moto.sqs.send(command)).Attributes ?? {} }
  }

  const ruleOf = (topic: string): { Name: string; EventBusName: string } => ({
    Name: `blog-test-${topic}`,
    EventBusName: 'streamers',
  })

  async function targets(topic: string): Promise<(string | undefined)[]> {
    const { Name: Rule, EventBusName } = ruleOf(topic)
    const { Targets = [] } = await moto.eventBridge.send(new ListTargetsByRuleCommand({ Rule, EventBusName }))
    return Targets.map(({ Arn }) => Arn)
  }

  /** The rules and queues that are left of something. */
  async function left(name: string): Promise<[unknown[], unknown[]]> {
    const named = { NamePrefix: name, EventBusName: 'streamers' }
    const { Rules = [] } = await moto.eventBridge.send(new ListRulesCommand(named))
    const { QueueUrls = [] } = await moto.sqs.send(new ListQueuesCommand({ QueueNamePrefix: name }))
    return [Rules, QueueUrls]
  }

  describe('provision', () => {
    it('makes an encrypted queue that one rule alone may put into', async () => {
      const topic = moto.name()
      await moto.streamer().provision([topic])
      const { attributes } = await queue(topic)
      expect(attributes).to.include({
        SqsManagedSseEnabled: 'true',
        MessageRetentionPeriod: '1209600',
        VisibilityTimeout: '3',
      })
      const { Arn, EventPattern, State } = await moto.eventBridge.send(new DescribeRuleCommand(ruleOf(topic)))
      expect([JSON.parse(EventPattern as string), State]).to.deep.equal([{ source: [topic] }, 'ENABLED'])
      const { Statement } = JSON.parse(attributes.Policy) as { Statement: object[] }
      expect(Statement).to.have.length(1)
      expect(Statement[0]).to.deep.include({
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: attributes.QueueArn,
        Condition: { ArnEquals: { 'aws:SourceArn': Arn } },
      })
      expect(await targets(topic)).to.deep.equal([attributes.QueueArn])
    })

    it('makes no queue and no rule where the service only publishes: bus and archive are there', async () => {
      const topic = moto.name()
      const streamer = moto.streamer({ archive: {} })
      await streamer.provision([topic], { reads: false })
      expect(await left(`blog-test-${topic}`)).to.deep.equal([[], []])
      const { archive } = streamer.resourcesOf(topic)
      const { ArchiveName } = await moto.eventBridge.send(new DescribeArchiveCommand({ ArchiveName: archive }))
      expect(ArchiveName).to.equal(archive)
    })

    it('leaves what is there as it is, but for the pattern', async () => {
      const topic = moto.name()
      await moto.streamer().provision([topic])
      const { QueueUrl, attributes } = await queue(topic)
      await moto.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { MessageRetentionPeriod: '600' } }))
      await moto.eventBridge.send(new DisableRuleCommand(ruleOf(topic)))
      const own = { Id: 'another', Arn: 'arn:aws:sqs:eu-west-1:123456789012:another' }
      const { Name: Rule, EventBusName } = ruleOf(topic)
      await moto.eventBridge.send(new PutTargetsCommand({ Rule, EventBusName, Targets: [own] }))
      const pattern = { source: [topic], 'detail-type': ['PostCreated'] }
      await Promise.all([1, 2].map(() => moto.streamer({ topics: { [topic]: { pattern } } }).provision([topic])))
      expect((await queue(topic)).attributes).to.include({ MessageRetentionPeriod: '600', Policy: attributes.Policy })
      const { State, EventPattern } = await moto.eventBridge.send(new DescribeRuleCommand(ruleOf(topic)))
      expect([State, JSON.parse(EventPattern as string)]).to.deep.equal(['DISABLED', pattern])
      expect(await targets(topic)).to.have.members([attributes.QueueArn, own.Arn])
    })

    it('makes an archive where one is asked for', async () => {
      const topic = moto.name()
      await moto.streamer({ archive: { retentionDays: 7 } }).provision([topic, topic])
      const archive = await moto.eventBridge.send(new DescribeArchiveCommand({ ArchiveName: `streamers-${topic}` }))
      expect(archive).to.include({ RetentionDays: 7 })
      expect(JSON.parse(archive.EventPattern as string)).to.deep.include({ source: [topic] })
    })

    it('makes nothing where it is told so', async () => {
      const streamer = moto.streamer({ declare: false })
      const { message } = await rejection(streamer.poll(moto.name()), 'STREAMER_UNAVAILABLE')
      expect(message).to.match(/NonExistentQueue|QueueDoesNotExist/)
    })
  })

  describe('read', () => {
    /** Moto gives a replay to every rule that matches; AWS only to those that are named. */
    it('replays the archive into a queue that is there for nothing else, and leaves nothing behind', async () => {
      const topic = moto.name()
      const streamer = moto.streamer({ archive: {} })
      await streamer.provision([topic])
      await streamer.publish(notes(0, 12), topic)
      let started: StartReplayCommandInput | undefined
      moto.proxy.answer = (operation, body) => {
        if (operation === 'StartReplay') started = JSON.parse(body) as StartReplayCommandInput
        return undefined
      }
      const replayed = await all(streamer.read?.(topic, {}))
      expect(numbers(replayed)).to.deep.equal(notes(0, 12).map(({ n }) => n))
      expect(replayed[0]).to.deep.include({ streamerTopic: topic, streamerId: 'main' })
      const [filter, ...others] = started?.Destination?.FilterArns ?? []
      expect([filter?.split('/').at(-1), others]).to.deep.equal([started?.ReplayName, []])
      expect(await left(started?.ReplayName as string)).to.deep.equal([[], []])
      const hourAgo = new Date(Date.now() - 3_600_000)
      expect(
        await all(streamer.read?.(topic, { to: hourAgo, from: new Date(hourAgo.getTime() - 60_000) }))
      ).to.deep.equal([])
    })

    it('is by the minute for AWS, and by the second for whoever reads', async () => {
      const topic = moto.name()
      const streamer = moto.streamer({ archive: {} })
      await streamer.provision([topic])
      await streamer.publish(notes(0, 1), topic)
      const first = Date.now()
      await eventually(() => Date.now() > first + 2000)
      await streamer.publish(notes(1, 2), topic)
      const between = new Date(first + 1000)
      expect(numbers(await all(streamer.read?.(topic, { from: between })))).to.deep.equal([1])
      expect(numbers(await all(streamer.read?.(topic, { to: between })))).to.deep.equal([0])
    })

    it('rejects where the replay fails, and where there is no archive', async () => {
      const topic = moto.name()
      const streamer = moto.streamer({ archive: {} })
      const { message } = await rejection(all(streamer.read?.(topic, {})), 'STREAMER_UNAVAILABLE')
      expect(message).to.include(`archive streamers-${topic}`).and.include('provision')
      await streamer.provision([topic])
      const body = { State: 'FAILED', StateReason: 'no permission' }
      moto.proxy.answer = (operation) => (operation === 'DescribeReplay' ? { status: 200, body } : undefined)
      const failed = await rejection(all(streamer.read?.(topic, {})), 'STREAMER_UNAVAILABLE')
      expect(failed.message).to.include('FAILED: no permission')
    })

    it('knows times, and no positions', async () => {
      const streamer = moto.streamer({ archive: {} })
      const reading = streamer.read?.('posts', { from: '17' })[Symbol.asyncIterator]().next()
      await rejection(reading as Promise<unknown>, 'OPTION_INVALID')
    })
  })
})
