import { expect } from 'chai'
import fc from 'fast-check'
import { idOf } from '../../src/infrastructure/resources/logical-id'
import { resourcesOf } from '../../src/infrastructure/resources/resources'
import type { Resource, Resources } from '../../src/infrastructure/template'
import { FUNCTIONS, STATE_TABLE, VARIABLES } from '../../src/names'
import { CLUSTER, KAFKA, RULE, SECRET, address, deployment } from './support/deployment'

const posts = { received: [address('posts', RULE, ['SendIssue'])] }
const issues = { published: [address('newsletter', RULE, ['IssueSent'])] }

/** The only resource of a type; all of them where there are several. */
function ofType(resources: Resources, type: string): Resource[] {
  return Object.values(resources).filter(({ Type }) => Type === type)
}

function onlyOf(resources: Resources, type: string): Resource['Properties'] {
  const found = ofType(resources, type)
  expect(found, type).to.have.length(1)
  return found[0].Properties
}

/** What the functions do, by their ids in Booster's dispatcher. */
function duties(resources: Resources): unknown[] {
  return ofType(resources, 'AWS::Lambda::Function').map(
    ({ Properties }) =>
      (Properties.Environment as { Variables: Record<string, unknown> }).Variables.BOOSTER_ROCKET_FUNCTION_ID
  )
}

describe('the resources of a deployment', () => {
  it('are none for an app that streams nothing, whatever its parameters', () => {
    expect(resourcesOf(deployment({}, { eventBuses: ['blog'] }))).to.deep.equal({})
  })

  it('are for what is received: what delivers it, what tries again, and the state', () => {
    expect(duties(resourcesOf(deployment(posts)))).to.have.members([FUNCTIONS.receive, FUNCTIONS.retry])
    expect(duties(resourcesOf(deployment({ received: [address('posts')] })))).to.have.members([
      FUNCTIONS.poll,
      FUNCTIONS.retry,
    ])
  })

  it('are for what is published: what publishes, what sweeps, what fires delayed events, and the state', () => {
    expect(duties(resourcesOf(deployment(issues)))).to.have.members([
      FUNCTIONS.publish,
      FUNCTIONS.sweep,
      FUNCTIONS.retry,
    ])
  })

  it('have the state as the functions read it, forgotten by itself', () => {
    const table = onlyOf(resourcesOf(deployment(issues)), 'AWS::DynamoDB::Table')
    expect(table).to.deep.include({
      TableName: 'streamers-newsletter-production',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: STATE_TABLE.partitionKey.name, KeyType: 'HASH' },
        { AttributeName: STATE_TABLE.sortKey.name, KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: STATE_TABLE.timeToLive, Enabled: true },
    })
    const indexes = table.LocalSecondaryIndexes as { IndexName: string }[]
    expect(indexes.map(({ IndexName }) => IndexName)).to.deep.equal(STATE_TABLE.localIndexes.map(({ name }) => name))
  })

  it('make a bus only where they are told to, and only where an address is on it', () => {
    const made = (eventBuses: string[]): Resource[] =>
      ofType(resourcesOf(deployment(posts, { eventBuses })), 'AWS::Events::EventBus')
    expect(made([])).to.deep.equal([])
    expect(made(['another'])).to.deep.equal([])
    expect(made(['blog', 'another']).map(({ Properties }) => Properties)).to.deep.equal([{ Name: 'blog' }])
  })

  it('give Booster’s own functions nothing but what their config needs', () => {
    const all = { ...posts, ...issues }
    expect(resourcesOf(deployment(all))).not.to.have.property('StreamersBoosterPolicy')
    const { StreamersBoosterPolicy: policy } = resourcesOf(deployment(all, { secrets: { PASSWORD: SECRET } }))
    expect(policy.Properties.Roles).to.deep.equal([{ Ref: 'EventsMainRole' }])
    expect(statements(policy)).to.have.length(1)
  })

  it('give one address of two handlers one rule', () => {
    const resources = resourcesOf(deployment({ received: [address('posts', RULE, ['SendIssue', 'Count'])] }))
    expect(ofType(resources, 'AWS::SQS::QueuePolicy')).to.have.length(1)
    expect(ofType(resources, 'AWS::Lambda::EventSourceMapping')).to.have.length(1)
  })

  it('let nobody but the rule into the queues, which are encrypted', () => {
    const resources = resourcesOf(deployment(posts))
    for (const { Properties } of ofType(resources, 'AWS::SQS::Queue')) {
      expect(Properties.SqsManagedSseEnabled).to.equal(true)
    }
    const { Statement } = onlyOf(resources, 'AWS::SQS::QueuePolicy').PolicyDocument as { Statement: object[] }
    expect(Statement).to.have.length(1)
    expect(Statement[0]).to.deep.include({
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [idOf('main/posts', 'Rule'), 'Arn'] } } },
    })
  })

  it('hide a message for six times as long as a function may run, and put it aside in the end', () => {
    const resources = resourcesOf(deployment(posts, { timeoutSeconds: 100, maxReceives: 4 }))
    const queue = resources[idOf('main/posts', 'Queue')].Properties
    expect(queue.VisibilityTimeout).to.equal(600)
    expect(queue.RedrivePolicy).to.deep.include({ maxReceiveCount: 4 })
  })

  it('publish one batch of a shard at a time, and only events of published classes', () => {
    const mapping = onlyOf(resourcesOf(deployment(issues)), 'AWS::Lambda::EventSourceMapping')
    expect(mapping).to.deep.include({
      ParallelizationFactor: 1,
      EventSourceArn: { 'Fn::GetAtt': ['EventsStore', 'StreamArn'] },
    })
    const { Filters } = mapping.FilterCriteria as { Filters: { Pattern: string }[] }
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern) as unknown)).to.deep.equal([
      { eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['event'] }, typeName: { S: ['IssueSent'] } } } },
    ])
  })

  it('filter no longer by class where the names are too long for a filter', () => {
    const names = Array.from({ length: 500 }, (_, index) => `SomethingHappened${index}`)
    const { FilterCriteria } = onlyOf(
      resourcesOf(deployment({ published: [address('all', RULE, names)] })),
      'AWS::Lambda::EventSourceMapping'
    )
    const [{ Pattern }] = (FilterCriteria as { Filters: { Pattern: string }[] }).Filters
    expect(Pattern.length).to.be.at.most(4096)
    expect(JSON.parse(Pattern)).to.deep.equal({
      eventName: ['INSERT'],
      dynamodb: { NewImage: { kind: { S: ['event'] } } },
    })
  })

  it('have Lambda read a Kafka of one’s own as a member of the service’s group', () => {
    const parameters = {
      kafka: { main: { authentication: 'scram-sha-256', secret: SECRET, authority: SECRET } },
      networks: { main: { subnets: ['subnet-1', 'subnet-2'], securityGroups: ['sg-1'] } },
    } as const
    const resources = resourcesOf(deployment({ received: [address('posts', KAFKA)] }, parameters))
    expect(onlyOf(resources, 'AWS::Lambda::EventSourceMapping')).to.deep.include({
      Topics: ['posts'],
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['kafka-1.example.com:9092'] } },
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'newsletter-production' },
      SourceAccessConfigurations: [
        { Type: 'SASL_SCRAM_256_AUTH', URI: SECRET },
        { Type: 'SERVER_ROOT_CA_CERTIFICATE', URI: SECRET },
        { Type: 'VPC_SUBNET', URI: 'subnet:subnet-1' },
        { Type: 'VPC_SUBNET', URI: 'subnet:subnet-2' },
        { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-1' },
      ],
    })
  })

  it('have Lambda read MSK by its ARN, by IAM without a secret', () => {
    const parameters = { kafka: { main: { cluster: CLUSTER, authentication: 'iam' } } } as const
    const resources = resourcesOf(deployment({ received: [address('posts', KAFKA)] }, parameters))
    const mapping = onlyOf(resources, 'AWS::Lambda::EventSourceMapping')
    expect(mapping).to.deep.include({
      EventSourceArn: CLUSTER,
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'newsletter-production' },
    })
    expect(mapping).not.to.have.any.keys('SelfManagedEventSource', 'SourceAccessConfigurations')
    const allowed = JSON.stringify(resources[`${idOf('main/posts', 'Receive')}Role`])
    expect(allowed)
      .to.contain(`${CLUSTER.replace(':cluster/', ':topic/')}/posts`)
      .and.to.contain('ReadData')
    expect(allowed).not.to.contain('WriteData')
    expect(allowed).not.to.contain('secretsmanager')
  })

  it('tell every function where secrets are, and let it read those only', () => {
    const parameters = { secrets: { KAFKA_PASSWORD: `${SECRET}#password`, KAFKA_USER: `${SECRET}#username` } }
    const resources = resourcesOf(deployment({ ...posts, ...issues }, parameters))
    const statement = { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: [SECRET] }
    const functions = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
    for (const [id, { Properties }] of functions) {
      const { Variables } = Properties.Environment as { Variables: Record<string, string> }
      expect(JSON.parse(Variables[VARIABLES.secrets])).to.deep.equal(parameters.secrets)
      expect(statements(resources[`${id}Role`])).to.deep.include(statement)
    }
    expect(statements(resources.StreamersBoosterPolicy)).to.deep.include(statement)
  })

  it('are in a network where the broker is in one, and refuse to be in two', () => {
    const networks = {
      main: { subnets: ['subnet-1'], securityGroups: ['sg-1'] },
      other: { subnets: ['subnet-9'], securityGroups: ['sg-9'] },
    }
    const polled = resourcesOf(deployment({ received: [address('posts')] }, { networks }))
    expect(polled[idOf('main/posts', 'Poll')].Properties.VpcConfig).to.deep.equal({
      SubnetIds: ['subnet-1'],
      SecurityGroupIds: ['sg-1'],
    })
    expect(polled.StreamersRetry.Properties).not.to.have.property('VpcConfig')
    const elsewhere = { ...address('all'), address: 'other/all', streamerId: 'other' }
    const publishes = deployment({ published: [address('posts'), elsewhere] }, { networks })
    expect(() => resourcesOf(publishes))
      .to.throw('[OPTION_INVALID]')
      .with.property('at', 'networks: main, other')
  })

  it('give each address ids of its own, which CloudFormation takes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
        expect(idOf(`main/${one}`, 'Queue')).to.match(/^[A-Za-z0-9]{1,255}$/)
        fc.pre(one !== other)
        expect(idOf(`main/${one}`, 'Queue')).not.to.equal(idOf(`main/${other}`, 'Queue'))
      })
    )
  })

  it('allow no action by a wildcard, and no resource by one but where AWS has nothing narrower', () => {
    const all = { received: [address('a', RULE), address('b', KAFKA), address('c')], ...issues }
    const kafka = { main: { cluster: CLUSTER, authentication: 'iam' } } as const
    const networks = { main: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } }
    for (const resource of Object.values(resourcesOf(deployment(all, { kafka, networks })))) {
      for (const { Action, Resource: resources } of statements(resource)) {
        for (const action of [Action].flat()) {
          expect(action).to.match(/^[a-z0-9-]+:[A-Za-z0-9]+$/)
          const free = action.startsWith('ec2:') || action === 'dynamodb:ListStreams'
          expect([resources].flat().includes('*'), action).to.equal(free)
        }
      }
    }
  })
})

interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: unknown
}

/** The statements of a role or a policy. */
function statements({ Type, Properties }: Resource): Statement[] {
  const documents =
    Type === 'AWS::IAM::Role'
      ? (Properties.Policies as { PolicyDocument: unknown }[]).map(({ PolicyDocument }) => PolicyDocument)
      : Type === 'AWS::IAM::Policy'
        ? [Properties.PolicyDocument]
        : []
  return (documents as { Statement: Statement[] }[]).flatMap(({ Statement: list }) => list)
}
