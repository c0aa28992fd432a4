import { expect } from 'chai'
import { assert as hold, property, string, tuple } from 'fast-check'
import { EventBridgeStreamer, queueName, ruleName, rulePattern } from '../../src'
import { nameOf } from '../../src/options/names'
import { policyWith, queueStatement } from '../../src/client/policy'

const SERVICE = { appName: 'blog', environment: 'production' }
const [QUEUE, RULE] = ['arn:aws:sqs:eu-west-1:123456789012:q', 'arn:aws:events:eu-west-1:123456789012:rule/bus/r']

describe('what a topic is made of', () => {
  it('is named after the service and the topic', () => {
    expect(queueName('posts', SERVICE)).to.equal('blog-production-posts')
    expect(ruleName('posts', SERVICE, { queue: 'digest' })).to.equal('digest-posts')
    expect(rulePattern('posts')).to.deep.equal({ source: ['posts'] })
  })

  it('may be of its own', () => {
    const pattern = { source: ['aws.s3'], 'detail-type': ['Object Created'] }
    const topics = { uploads: { eventBus: 'default', pattern, queue: 'uploads' } }
    const streamer = EventBridgeStreamer.with({ eventBus: 'shop', topics })
    streamer.attach({ streamerId: 'main', ...SERVICE })
    expect(streamer.resourcesOf('uploads')).to.include({ eventBus: 'default', pattern, queue: 'uploads' })
    expect(streamer.resourcesOf('uploads').rule).to.equal('blog-production-uploads')
    expect(streamer.resourcesOf('posts')).to.deep.equal({
      topic: 'posts',
      eventBus: 'shop',
      source: 'posts',
      pattern: { source: ['posts'] },
      rule: 'blog-production-posts',
      queue: 'blog-production-posts',
      archive: 'shop-posts',
      declare: true,
    })
  })

  it('has a name that AWS takes, and no other topic has', () => {
    const parts = tuple(
      string({ unit: 'grapheme', minLength: 1 }),
      string({ unit: 'grapheme', minLength: 1, maxLength: 100 })
    )
    hold(
      property(parts, parts, (one, other) => {
        const [name, second] = [nameOf(one, 64), nameOf(other, 64)]
        expect(name).to.match(/^[\w-]{1,64}$/)
        if (one.join('-') !== other.join('-')) expect(name).not.to.equal(second)
      })
    )
    expect(nameOf(['a', 'b.c'], 64)).not.to.equal(nameOf(['a', 'b-c'], 64))
  })
})

describe("a queue's policy", () => {
  const statement = queueStatement(QUEUE, RULE)

  it('lets one rule in, and nothing else', () => {
    expect(statement).to.deep.include({
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Condition: { ArnEquals: { 'aws:SourceArn': RULE } },
    })
    expect(JSON.parse(policyWith(statement, undefined) as string)).to.deep.equal({
      Version: '2012-10-17',
      Statement: [statement],
    })
  })

  it('keeps the statements of others, and is left alone where it is as it must be', () => {
    const other = { Sid: 'others', Effect: 'Allow', Principal: '*', Action: 'sqs:ReceiveMessage', Resource: QUEUE }
    const policy = policyWith(statement, JSON.stringify({ Version: '2008-10-17', Statement: other })) as string
    expect(JSON.parse(policy)).to.deep.equal({ Version: '2008-10-17', Statement: [other, statement] })
    expect(policyWith(statement, policy)).to.equal(undefined)
  })

  it('is fixed where its statement lets another rule in, or more', () => {
    for (const own of [
      queueStatement(QUEUE, `${RULE}x`),
      { ...statement, Condition: {} },
      { ...statement, Action: 'sqs:*' },
    ]) {
      const fixed = policyWith(statement, JSON.stringify({ Statement: [own] })) as string
      expect((JSON.parse(fixed) as { Statement: unknown }).Statement).to.deep.equal([statement])
    }
  })
})
