import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import type { Resource } from '../../src/infrastructure/template'
import { FUNCTIONS } from '../../src/names'
import { boosterOnAws } from './support/booster-on-aws'
import { cfnLint } from './support/cfn-lint'
import { ExampleApp } from './support/synthesized'
import type { Synthesized } from './support/synthesized'

const execute = promisify(execFile)

/** The resources that streaming has added, by type, with how many there are. */
function added({ resources }: Synthesized): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const [id, { Type }] of Object.entries(resources)) {
    if (id.startsWith('Streamers')) counts[Type] = (counts[Type] ?? 0) + 1
  }
  return counts
}

function ofType({ resources }: Synthesized, type: string): Resource['Properties'][] {
  return Object.values(resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []))
}

function duties(template: Synthesized): string[] {
  return ofType(template, 'AWS::Lambda::Function').flatMap(
    ({ Environment }) =>
      (Environment as { Variables: Record<string, string> }).Variables.BOOSTER_ROCKET_FUNCTION_ID ?? []
  )
}

const OF_A_FUNCTION = ['AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Logs::LogGroup']
const functions = (count: number): Record<string, number> =>
  Object.fromEntries(OF_A_FUNCTION.map((type) => [type, count]))

describe('the template of examples/aws', function () {
  this.timeout(600_000)

  let app: ExampleApp
  let overEventBridge: Synthesized
  let overKafka: Synthesized

  before(async () => {
    await boosterOnAws()
    app = await ExampleApp.copied()
    overEventBridge = await app.synth('production')
    overKafka = await app.synth('kafka')
  })

  after(() => app?.remove())

  it('has for EventBridge a rule, a queue and a mapping, and for what is stored a mapping', () => {
    expect(added(overEventBridge)).to.deep.equal({
      ...functions(4),
      'AWS::DynamoDB::Table': 1,
      'AWS::Events::EventBus': 1,
      'AWS::Events::Rule': 3,
      'AWS::SQS::Queue': 2,
      'AWS::SQS::QueuePolicy': 1,
      'AWS::Lambda::EventSourceMapping': 2,
      'AWS::Lambda::Permission': 2,
    })
    const rules = ofType(overEventBridge, 'AWS::Events::Rule')
    expect(rules.flatMap(({ EventPattern }) => EventPattern ?? [])).to.deep.equal([{ source: ['posts'] }])
    expect(rules.flatMap(({ ScheduleExpression }) => ScheduleExpression ?? [])).to.deep.equal([
      'rate(1 minute)',
      'rate(1 minute)',
    ])
  })

  it('has for Kafka a mapping alone, and for what is stored a mapping', () => {
    expect(added(overKafka)).to.deep.equal({
      ...functions(4),
      'AWS::DynamoDB::Table': 1,
      'AWS::IAM::Policy': 1,
      'AWS::Events::Rule': 2,
      'AWS::Lambda::EventSourceMapping': 2,
      'AWS::Lambda::Permission': 2,
    })
    const mappings = ofType(overKafka, 'AWS::Lambda::EventSourceMapping')
    expect(mappings.flatMap(({ Topics }) => Topics ?? [])).to.deep.equal(['posts'])
  })

  it('calls the functions that the app has for it', () => {
    const { receive, publish, sweep, retry } = FUNCTIONS
    for (const template of [overEventBridge, overKafka]) {
      expect(duties(template)).to.have.members([receive, publish, sweep, retry])
    }
  })

  it('lets Booster’s own functions find the state', () => {
    const environments = ofType(overEventBridge, 'AWS::Lambda::Function').map(({ Environment }) => Environment)
    expect(environments).to.have.length.of.at.least(6)
    for (const environment of environments) {
      expect(environment).to.have.nested.property('Variables.BOOSTER_STREAMERS_TABLE')
      expect(environment).to.have.nested.property('Variables.BOOSTER_STREAMERS_STREAM', 'true')
    }
  })

  it('has no function on a runtime that has ended', () => {
    const runtimes = ofType(overEventBridge, 'AWS::Lambda::Function').map(({ Runtime }) => Runtime)
    expect(new Set(runtimes)).to.deep.equal(new Set(['nodejs22.x']))
  })

  it('allows no action by a wildcard, in Booster’s own policies either', () => {
    for (const { text } of [overEventBridge, overKafka]) {
      const actions = [...text.matchAll(/"([a-z0-9-]+:[A-Z][A-Za-z0-9]*\*?)"/g)].map(([, action]) => action)
      expect(actions).to.include.members(['dynamodb:Query', 'dynamodb:PutItem', 'sts:AssumeRole'])
      expect(actions.filter((action) => action.endsWith('*'))).to.deep.equal([])
    }
  })

  it('has no secret in it, only where it is', async () => {
    process.env.KAFKA_PASSWORD = 'hunter2'
    const { text } = await app.synth('kafka').finally(() => delete process.env.KAFKA_PASSWORD)
    expect(text).not.to.contain('hunter2')
    expect(text).to.contain('secret:AmazonMSK_newsletter-AbCdEf#password')
  })

  it('is without an error for cfn-lint', async () => {
    expect(await cfnLint(overEventBridge.path)).to.deep.equal([])
    expect(await cfnLint(overKafka.path)).to.deep.equal([])
  })

  it('has what is fixed as Booster made it, where the fixes are switched off', async () => {
    const unfixed = await ExampleApp.copied()
    try {
      const off = '{ fixes: { runtime: false, actions: false, size: false }, '
      await unfixed.with('config/config.js', "{ eventBuses: ['blog']", `${off}eventBuses: ['blog']`)
      const template = await unfixed.synth('production')
      const runtimes = ofType(template, 'AWS::Lambda::Function').map(({ Runtime }) => Runtime)
      expect(new Set(runtimes)).to.deep.equal(new Set(['nodejs14.x', 'nodejs22.x']))
      expect(template.text).to.contain('"dynamodb:Put*"')
      expect((await cfnLint(template.path)).join()).to.contain("E2531 Runtime 'nodejs14.x' was deprecated")
    } finally {
      await unfixed.remove()
    }
  })

  it('lacks all that a handler needed when the handler is gone; delayed events still need the schedule', async () => {
    const smaller = await ExampleApp.copied()
    try {
      await smaller.without('event-handlers/send-issue.js')
      const template = await smaller.synth('production')
      expect(duties(template)).to.have.members([FUNCTIONS.publish, FUNCTIONS.sweep, FUNCTIONS.retry])
      expect(template.text).not.to.contain('main/posts')
      expect(added(template)).not.to.have.any.keys('AWS::SQS::Queue', 'AWS::SQS::QueuePolicy')
    } finally {
      await smaller.remove()
    }
  })

  it('is deployed as far as the account, which is not there', async () => {
    const script = `
      process.env.BOOSTER_ENV = 'production'
      const { Booster } = require('./dist/index.js')
      Booster.configureCurrentEnv((config) =>
        config.provider.infrastructure().deploy(config).then(
          () => process.exit(0),
          (error) => { console.error(error.message); process.exit(3) }
        )
      )`
    const env = await boosterOnAws()
    const ended = execute(process.execPath, ['-e', script], { cwd: app.folder, env })
    const error = await ended.then(
      () => undefined,
      (thrown: { code: number; stderr: string }) => thrown
    )
    expect(error?.code, error?.stderr).to.equal(3)
    expect(error?.stderr).to.contain('Unable to load default AWS account')
  })
})
