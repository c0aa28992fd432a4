import { isDeepStrictEqual } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import {
  CreateArchiveCommand,
  CreateEventBusCommand,
  DescribeArchiveCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge'
import type { DescribeRuleCommandOutput } from '@aws-sdk/client-eventbridge'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs'
import { TARGET_ID } from '../options'
import type { EventBridgeArchive, EventBridgeResources, EventPattern } from '../options'
import type { Clients } from './clients'
import { errorFrom, isBusy, isMissing, isThere } from './errors'
import { policyWith, queueStatement } from './policy'

/** How often, and how long apart, a change is tried while somebody else changes the same. */
const [TRIES, APART_MS] = [10, 300]

/** What queues and archives are made with. */
export interface ProvisionSettings {
  readonly visibilitySeconds: number
  readonly retentionSeconds: number
  readonly archive?: EventBridgeArchive
}

/** Makes the bus of a topic where it is missing; answers its ARN. */
export async function provideBus(
  { eventBridge }: Clients,
  { eventBus, declare }: EventBridgeResources
): Promise<string> {
  const describe = async (): Promise<string> =>
    (await eventBridge.send(new DescribeEventBusCommand({ Name: eventBus }))).Arn ?? eventBus
  return naming(`event bus ${eventBus}`, () =>
    foundOrMade(describe, declare, () => eventBridge.send(new CreateEventBusCommand({ Name: eventBus })))
  )
}

/** The address of a topic's queue; rejects where there is none. */
async function findQueue({ sqs }: Clients, { queue }: Pick<EventBridgeResources, 'queue'>): Promise<string> {
  const find = async (): Promise<string> =>
    (await sqs.send(new GetQueueUrlCommand({ QueueName: queue }))).QueueUrl as string
  return naming(`queue ${queue}`, find)
}

/** Makes a queue where it is missing, encrypted; answers its address. */
export async function provideQueue(
  clients: Clients,
  resources: Pick<EventBridgeResources, 'queue' | 'declare'>,
  { visibilitySeconds, retentionSeconds }: ProvisionSettings
): Promise<string> {
  const { queue, declare } = resources
  const command = new CreateQueueCommand({
    QueueName: queue,
    Attributes: {
      SqsManagedSseEnabled: 'true',
      MessageRetentionPeriod: String(retentionSeconds),
      VisibilityTimeout: String(visibilitySeconds),
      ReceiveMessageWaitTimeSeconds: '20',
    },
  })
  return naming(`queue ${queue}`, () =>
    foundOrMade(
      () => findQueue(clients, resources),
      declare,
      () => clients.sqs.send(command)
    )
  )
}

/** Makes a topic's bus, the service's queue and rule, what lets the rule into the queue, and the archive. Answers the queue's address. */
export async function provide(
  clients: Clients,
  resources: EventBridgeResources,
  settings: ProvisionSettings
): Promise<string> {
  if (!resources.declare) return findQueue(clients, resources)
  const busArn = await provideBus(clients, resources)
  const queueUrl = await provideQueue(clients, resources, settings)
  await connect(clients, resources, queueUrl)
  if (settings.archive !== undefined) await provideArchive(clients, resources, { busArn, archive: settings.archive })
  return queueUrl
}

/** Makes a topic's bus, and the archive: all that a service needs that only publishes. */
export async function provideToPublish(
  clients: Clients,
  resources: EventBridgeResources,
  { archive }: Pick<ProvisionSettings, 'archive'>
): Promise<void> {
  const busArn = await provideBus(clients, resources)
  if (archive !== undefined && resources.declare) await provideArchive(clients, resources, { busArn, archive })
}

/** Has a rule put what it matches into a queue, and lets it. */
export async function connect(
  clients: Clients,
  { eventBus, rule, pattern }: Pick<EventBridgeResources, 'eventBus' | 'rule' | 'pattern'>,
  queueUrl: string
): Promise<string> {
  return naming(`rule ${rule}`, async () => {
    const ruleArn = await provideRule(clients, { eventBus, rule, pattern })
    const queueArn = await allow(clients, queueUrl, ruleArn)
    await provideTarget(clients, { eventBus, rule }, queueArn)
    return ruleArn
  })
}

/** A rule that is there is made to match the pattern, and stays on or off. */
async function provideRule(
  { eventBridge }: Clients,
  { eventBus, rule, pattern }: { eventBus: string; rule: string; pattern: EventPattern }
): Promise<string> {
  const describe = new DescribeRuleCommand({ Name: rule, EventBusName: eventBus })
  const known: Partial<DescribeRuleCommandOutput> = await eventBridge.send(describe).catch(nothingIfMissing)
  if (known.Arn !== undefined && isDeepStrictEqual(JSON.parse(known.EventPattern ?? 'null'), pattern)) return known.Arn
  const command = new PutRuleCommand({
    Name: rule,
    EventBusName: eventBus,
    EventPattern: JSON.stringify(pattern),
    State: known.State ?? 'ENABLED',
  })
  const { RuleArn = '' } = await persistently(() => eventBridge.send(command))
  return RuleArn
}

async function allow({ sqs }: Clients, QueueUrl: string, ruleArn: string): Promise<string> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn', 'Policy'] })
  const { Attributes = {} } = await sqs.send(command)
  const { QueueArn = '', Policy: known } = Attributes
  const Policy = policyWith(queueStatement(QueueArn, ruleArn), known)
  if (Policy !== undefined) await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
  return QueueArn
}

async function provideTarget(
  { eventBridge }: Clients,
  { eventBus, rule }: Pick<EventBridgeResources, 'eventBus' | 'rule'>,
  queueArn: string
): Promise<void> {
  const list = new ListTargetsByRuleCommand({ Rule: rule, EventBusName: eventBus })
  const { Targets: known = [] } = await eventBridge.send(list)
  if (known.some(({ Arn }) => Arn === queueArn)) return
  const Targets = [{ Id: TARGET_ID, Arn: queueArn }]
  const command = new PutTargetsCommand({ Rule: rule, EventBusName: eventBus, Targets })
  const { FailedEntries = [] } = await persistently(() => eventBridge.send(command))
  const [failed] = FailedEntries
  if (failed !== undefined) throw new Error(`${failed.ErrorCode}: ${failed.ErrorMessage}`)
}

async function provideArchive(
  { eventBridge }: Clients,
  { archive: name, pattern }: EventBridgeResources,
  { busArn, archive }: { busArn: string; archive: EventBridgeArchive }
): Promise<void> {
  const create = new CreateArchiveCommand({
    ArchiveName: name,
    EventSourceArn: busArn,
    EventPattern: JSON.stringify(pattern),
    RetentionDays: archive.retentionDays ?? 0,
  })
  const describe = async (): Promise<unknown> => eventBridge.send(new DescribeArchiveCommand({ ArchiveName: name }))
  await naming(`archive ${name}`, () => foundOrMade(describe, true, () => eventBridge.send(create)))
}

/** What is there; else it is made first, where that is allowed. Another process may make it at the same time. */
async function foundOrMade<T>(find: () => Promise<T>, mayMake: boolean, make: () => Promise<unknown>): Promise<T> {
  try {
    return await find()
  } catch (thrown) {
    if (!mayMake || !isMissing(causeOf(thrown))) throw thrown
  }
  await persistently(make).catch((thrown: unknown) => {
    if (!isThere(thrown)) throw thrown
  })
  return find()
}

/** Tries again while somebody else is at it. */
async function persistently<T>(change: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await change()
    } catch (thrown) {
      if (!isBusy(thrown) || tries === TRIES) throw thrown
      await pause(APART_MS)
    }
  }
}

function nothingIfMissing(thrown: unknown): Partial<DescribeRuleCommandOutput> {
  if (isMissing(thrown)) return {}
  throw thrown
}

function causeOf(thrown: unknown): unknown {
  return (thrown as { cause?: unknown }).cause ?? thrown
}

async function naming<T>(at: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw errorFrom(thrown, at)
  }
}
