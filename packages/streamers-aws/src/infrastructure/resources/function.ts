import { VARIABLES } from '../../names'
import type { FUNCTIONS } from '../../names'
import { RUNTIME } from '../parameters'
import type { Network } from '../parameters'
import type { Deployment } from '../parts'
import { commonEnvironment, secretAllowances, stateAllowances } from './state'
import { NETWORK_INTERFACES, allowing, arn, filled, ref } from '../template'
import type { Allowance, Resources } from '../template'

/** The variable by which Booster's rocket dispatcher knows which function it is. */
const FUNCTION_ID = 'BOOSTER_ROCKET_FUNCTION_ID'

/** A function of the app's code. */
export interface AppFunction {
  /** Its logical id, to which those of its role and its log add. */
  readonly id: string
  readonly does: (typeof FUNCTIONS)[keyof typeof FUNCTIONS]
  readonly description: string
  /** The address it serves, where it serves one. */
  readonly address?: string
  /** What it may do besides what every function of the app may. */
  readonly allowances: readonly Allowance[]
  /** From where in a VPC it runs. */
  readonly network?: Network
}

/** A function with a role and a log of its own. */
export function appFunction(deployment: Deployment, made: AppFunction): Resources {
  const { booster, settings } = deployment
  const { id, network } = made
  return {
    [`${id}Log`]: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { RetentionInDays: settings.logDays },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    },
    [`${id}Role`]: role(id, [
      ...stateAllowances(),
      ...secretAllowances(deployment),
      ...bundled(made.allowances),
      ...(network ? [NETWORK_INTERFACES] : []),
    ]),
    [id]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Description: made.description,
        Runtime: RUNTIME,
        Handler: booster.handler,
        Code: booster.code,
        Role: arn(`${id}Role`),
        Timeout: settings.timeoutSeconds,
        MemorySize: settings.memoryMb,
        LoggingConfig: { LogGroup: ref(`${id}Log`) },
        Environment: {
          Variables: {
            ...booster.environment,
            ...commonEnvironment(deployment),
            [FUNCTION_ID]: made.does,
            [VARIABLES.timeoutMs]: String(settings.timeoutSeconds * 1000),
            ...(made.address === undefined ? {} : { [VARIABLES.address]: made.address }),
          },
        },
        ...(network ? { VpcConfig: { SubnetIds: network.subnets, SecurityGroupIds: network.securityGroups } } : {}),
      },
    },
  }
}

/** A rule that calls a function again and again. */
export function schedule(id: string, { settings }: Deployment): Resources {
  const minutes = settings.everyMinutes
  return {
    [`${id}Schedule`]: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ScheduleExpression: `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`,
        State: 'ENABLED',
        // A call that is late is not made up for: the next one does its work.
        Targets: [
          { Id: 'function', Arn: arn(id), RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } },
        ],
      },
    },
    [`${id}Permission`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: ref(id),
        Principal: 'events.amazonaws.com',
        SourceArn: arn(`${id}Schedule`),
      },
    },
  }
}

function role(id: string, allowances: readonly Allowance[]): Resources[string] {
  const log: Allowance = { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [arn(`${id}Log`)] }
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: 'function', PolicyDocument: allowing([log, ...allowances]) }],
    },
  }
}

/** Allowances that are the same are given once. */
function bundled(allowances: readonly Allowance[]): Allowance[] {
  return [...new Map(allowances.map((allowance) => [JSON.stringify(allowance), allowance])).values()]
}

/** The function's own store: what handlers read and write through Booster, and what Booster does with what they registered. */
export function boosterStore({ booster }: Deployment): Allowance[] {
  const models = booster.readModelTables.map(arn)
  return [
    ...eventStore(booster.eventsTable, ['dynamodb:BatchWriteItem', 'dynamodb:PutItem']),
    ...(models.length > 0 ? [{ actions: READ_MODELS, resources: models }] : []),
  ]
}

/** Reading the events that are stored, and what more. */
export function eventStore(table: string, more: readonly string[] = []): Allowance[] {
  return [
    { actions: ['dynamodb:BatchGetItem', 'dynamodb:Query', ...more], resources: [arn(table)] },
    { actions: ['dynamodb:Query'], resources: [filled(`\${${table}.Arn}/index/*`)] },
  ]
}

const READ_MODELS = [
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:Scan',
] as const
