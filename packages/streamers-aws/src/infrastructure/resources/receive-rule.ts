import type { EventRule } from '@boostercloud/streamer-connector'
import { FUNCTIONS } from '../../names'
import { appFunction, boosterStore } from './function'
import { idOf } from './logical-id'
import type { Deployment } from '../parts'
import type { DeployedAddress } from '../streams'
import { arn, ref } from '../template'
import type { Resources, Value } from '../template'

const TWO_WEEKS_S = 14 * 24 * 60 * 60
const BATCH = 10

/** Rule → queue → function. What the bus cannot bring to the queue, and what no function could take, is put aside in a second queue. */
export function receivedByRule(deployment: Deployment, { address }: DeployedAddress, source: EventRule): Resources {
  const id = idOf(address, 'Receive')
  const queue = idOf(address, 'Queue')
  return {
    ...rule(deployment, address, source),
    ...queues(deployment, address, source.queue),
    ...appFunction(deployment, {
      id,
      does: FUNCTIONS.receive,
      description: `Handles what comes from ${address}`,
      address,
      allowances: [
        ...boosterStore(deployment),
        {
          actions: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
          resources: [arn(queue)],
        },
      ],
    }),
    [idOf(address, 'Mapping')]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: arn(queue),
        FunctionName: ref(id),
        BatchSize: BATCH,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
  }
}

function rule({ settings }: Deployment, address: string, source: EventRule): Resources {
  const { eventBus, pattern } = source
  const isMade = settings.eventBuses.includes(eventBus)
  return {
    [idOf(address, 'Rule')]: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: source.rule,
        Description: `Brings events of ${address} to its queue`,
        EventBusName: isMade ? ref(busId(eventBus)) : eventBus,
        EventPattern: pattern,
        State: 'ENABLED',
        Targets: [
          {
            Id: 'queue',
            Arn: arn(idOf(address, 'Queue')),
            DeadLetterConfig: { Arn: arn(idOf(address, 'Undelivered')) },
          },
        ],
      },
    },
  }
}

function queues({ settings }: Deployment, address: string, name: string): Resources {
  const [queue, undelivered] = [idOf(address, 'Queue'), idOf(address, 'Undelivered')]
  const common = { SqsManagedSseEnabled: true, MessageRetentionPeriod: TWO_WEEKS_S }
  return {
    [undelivered]: { Type: 'AWS::SQS::Queue', Properties: common },
    [queue]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        ...common,
        QueueName: name,
        // Lambda asks for six times what a function may take. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
        VisibilityTimeout: Math.min(settings.timeoutSeconds * 6, 43_200),
        RedrivePolicy: { deadLetterTargetArn: arn(undelivered), maxReceiveCount: settings.maxReceives },
      },
    },
    [idOf(address, 'QueuePolicy')]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [ref(queue), ref(undelivered)],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: [arn(queue), arn(undelivered)],
              Condition: { ArnEquals: { 'aws:SourceArn': arn(idOf(address, 'Rule')) } },
            },
          ],
        },
      },
    },
  }
}

/** The logical id of a bus that this stack makes. */
export const busId = (name: string): string => idOf(name, 'Bus')

/** The ARN of a bus by its name, or what is one already. */
export function busArn({ settings }: Deployment, eventBus: string): Value {
  if (settings.eventBuses.includes(eventBus)) return arn(busId(eventBus))
  if (eventBus.startsWith('arn:')) return eventBus
  return { 'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/${eventBus}` }
}
