/**
 * Everything that depends on how Booster's AWS provider is made inside, and on its CDK. The CDK is the provider's own copy, found from
 * its infrastructure package: this package depends on none, and a function never loads it.
 */
import { createRequire } from 'node:module'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { BoosterConfig } from '@boostercloud/framework-types'
import type { BoosterParts } from '../parts'

/** A construct of the CDK. */
interface Construct {
  readonly node: {
    tryFindChild(id: string): Construct | undefined
    readonly defaultChild?: unknown
    findAll(): unknown[]
  }
}

/** The stack that Booster makes of an app. */
export interface Stack extends Construct {
  readonly stackName: string
  resolve(value: unknown): unknown
  getLogicalId(element: unknown): string
}

/** A resource of CloudFormation in a stack. */
interface CfnResource {
  readonly cfnResourceType: string
  addOverride(path: string, value: unknown): void
  addPropertyOverride(path: string, value: unknown): void
}

/** One of Lambda's functions. */
export interface CfnFunction extends CfnResource {
  readonly code: unknown
  readonly environment: unknown
  readonly handler?: string
  readonly role: unknown
  readonly runtime?: string
}

/** A policy of IAM. */
export interface CfnPolicy extends CfnResource {
  readonly policyDocument: unknown
}

/** What Booster's infrastructure calls: it mounts the rocket when its own resources are in the stack. */
export interface Rocket {
  mountStack(stack: Stack, config: BoosterConfig): void
}

/** The parts of the CDK that are used here. */
interface Core {
  readonly App: new (options: object) => { synth(): { readonly stacks: readonly Assembled[] } }
  readonly CfnResource: new (
    scope: Stack,
    id: string,
    made: { readonly type: string; readonly properties: object }
  ) => CfnResource
}

/** A stack that is written out. */
interface Assembled {
  readonly templateFullPath: string
}

/** Lambda's constructs, by whose `Code` Booster takes an app's folder for its functions. */
export interface LambdaModule {
  readonly Code: { fromAsset(path: string, options?: { readonly exclude?: readonly string[] }): unknown }
}

const INFRASTRUCTURE = '@boostercloud/framework-provider-aws-infrastructure'
const STACK_BUILDER = `${INFRASTRUCTURE}/dist/infrastructure/stacks/application-stack`
const PLAIN_FUNCTION = 'AWS::Lambda::Function'

/** Booster's infrastructure package and its CDK: those that are installed beside this package. */
export class BoosterInfrastructure {
  private readonly require: NodeJS.Require

  /** Throws `PACKAGE_MISSING` where it is not installed. */
  public constructor() {
    try {
      this.require = createRequire(require.resolve(INFRASTRUCTURE))
    } catch (cause) {
      throw new StreamerError('PACKAGE_MISSING', `${INFRASTRUCTURE} is not installed.`, {
        at: 'config.rockets',
        hint: `Install it in the app: npm install --save-dev ${INFRASTRUCTURE}@2.10.1`,
        cause,
      })
    }
  }

  public get core(): Core {
    return this.require('@aws-cdk/core') as Core
  }

  public get lambda(): LambdaModule {
    return this.require('@aws-cdk/aws-lambda') as LambdaModule
  }

  /** The stack as a deployment makes it of the app's config, and of the rockets that the config names. */
  public build(config: BoosterConfig, app: unknown): void {
    const { ApplicationStackBuilder } = this.require(STACK_BUILDER) as {
      ApplicationStackBuilder: new (config: BoosterConfig) => { buildOn(app: unknown, rockets: Rocket[]): void }
    }
    const { RocketLoader } = this.require('@boostercloud/framework-common-helpers') as {
      RocketLoader: { loadRocket(descriptor: object): Rocket }
    }
    const rockets = (config.rockets ?? []).map((descriptor) => RocketLoader.loadRocket(descriptor))
    new ApplicationStackBuilder(config).buildOn(app, rockets)
  }
}

/** What of Booster's stack streaming joins. */
export function boosterParts(stack: Stack, config: BoosterConfig): BoosterParts {
  const functions = functionsOf(stack).filter(({ handler }) => handler?.startsWith(`${config.codeRelativePath}/`))
  const events = functions.find(({ handler }) => handler === config.eventDispatcherHandler)
  const table = childOf(stack, 'events-store')
  if (!events || !table) throw foreign()
  const { variables } = stack.resolve(events.environment) as { variables: Record<string, unknown> }
  const models = Object.keys(config.readModels).flatMap((name) => childOf(stack, name) ?? [])
  return {
    code: capitalized(stack.resolve(events.code) as Record<string, unknown>),
    handler: config.rocketDispatcherHandler,
    appName: config.appName,
    environmentName: config.environmentName,
    environment: variables,
    eventsTable: stack.getLogicalId(table),
    readModelTables: models.map((model) => stack.getLogicalId(model)),
    functions: functions.map((each) => ({
      id: stack.getLogicalId(each),
      role: roleOf(stack.resolve(each.role)),
    })),
  }
}

/** All functions of a stack that run on Node.js, those of other rockets too. */
export function functionsOf(stack: Stack): CfnFunction[] {
  return resourcesOf(stack, PLAIN_FUNCTION).filter((each): each is CfnFunction => 'code' in each)
}

/** The policies of a stack. */
export function policiesOf(stack: Stack): CfnPolicy[] {
  return resourcesOf(stack, 'AWS::IAM::Policy').filter((each): each is CfnPolicy => 'policyDocument' in each)
}

function resourcesOf(stack: Stack, type: string): CfnResource[] {
  return stack.node
    .findAll()
    .filter((each): each is CfnResource => (each as Partial<CfnResource>).cfnResourceType === type)
}

function childOf(stack: Stack, id: string): unknown {
  return stack.node.tryFindChild(id)?.node.defaultChild
}

/** `{ s3Bucket }` as the CDK has it is `{ S3Bucket }` in a template. */
function capitalized(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name[0].toUpperCase() + name.slice(1), value])
  )
}

function roleOf(role: unknown): string {
  const [id] = (role as { 'Fn::GetAtt'?: string[] })['Fn::GetAtt'] ?? []
  if (id === undefined) throw foreign()
  return id
}

function foreign(): StreamerError {
  return new StreamerError('OPTION_INVALID', "This is not the stack that Booster's AWS provider creates for an app.", {
    at: 'mountStack',
    hint: `Use ${INFRASTRUCTURE} 2.10.`,
  })
}
