import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import {
  CancelReplayCommand,
  DeleteRuleCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  RemoveTargetsCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge'
import { DeleteQueueCommand } from '@aws-sdk/client-sqs'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { ReplayRange } from '@boostercloud/streamer-connector'
import { closed, connect, errorFrom, provideBus, provideQueue } from '../client'
import type { Clients, Queue } from '../client'
import { TARGET_ID } from '../options'
import type { EventBridgeResources } from '../options'
import { readEnvelope } from '../wire'
import type { Delivery } from '../wire'

/** What a replay reads, and by what. */
export interface ReplayOptions {
  readonly clients: Clients
  readonly resources: EventBridgeResources
  readonly range: { readonly from?: Date; readonly to?: Date }
  readonly isClosed: () => boolean
}

/** While the replay goes on, an event of it is not lost if it waits for so long in its queue. */
const QUEUE = { visibilitySeconds: 300, retentionSeconds: 86_400 } as const
/** How often a queue must be found empty when the replay has ended: SQS may have something that it does not show at once. */
const EMPTY_TIMES = 3
const LOOK_MS = 200

/**
 * Has an archive replayed into a queue of its own: a rule that matches nothing but this replay takes what it sends, and no other rule is given it.
 * Both are removed in the end.
 */
export async function* replay(options: ReplayOptions): AsyncGenerator<Delivery[], void, undefined> {
  const name = `streamers-${randomUUID()}`
  const at = `archive ${options.resources.archive}`
  const made = { queueUrl: undefined as string | undefined }
  try {
    made.queueUrl = await begin(name, options)
    yield* received(options.clients.queue(made.queueUrl), name, options)
  } catch (thrown) {
    throw errorFrom(thrown, at)
  } finally {
    await cleanUp(name, made.queueUrl, options)
  }
}

/** The times of a range. Throws `OPTION_INVALID` for positions: EventBridge has none. */
export function timesOf({ from, to }: ReplayRange): ReplayOptions['range'] {
  if (typeof from === 'string' || typeof to === 'string') {
    throw new StreamerError('OPTION_INVALID', 'EventBridge replays events between two times. It has no positions.', {
      hint: 'Give from and to as Dates.',
    })
  }
  return { from, to }
}

async function begin(name: string, { clients, resources, range }: ReplayOptions): Promise<string> {
  const { eventBus, archive } = resources
  const described = await clients.eventBridge.send(new DescribeArchiveCommand({ ArchiveName: archive }))
  const busArn = await provideBus(clients, { ...resources, declare: false })
  const queueUrl = await provideQueue(clients, { queue: name, declare: true }, QUEUE)
  const rule = { eventBus, rule: name, pattern: { 'replay-name': [name] } }
  const ruleArn = await connect(clients, rule, queueUrl)
  const command = new StartReplayCommand({
    ReplayName: name,
    EventSourceArn: described.ArchiveArn,
    EventStartTime: minute(range.from ?? described.CreationTime ?? new Date(0), 'floor'),
    EventEndTime: minute(range.to ?? new Date(), 'ceil'),
    Destination: { Arn: busArn, FilterArns: [ruleArn] },
  })
  await clients.eventBridge.send(command)
  return queueUrl
}

/** A replay goes by whole minutes; what it has beyond the range is left out by each event's time. */
function minute(time: Date, round: 'floor' | 'ceil'): Date {
  return new Date(Math[round](time.getTime() / 60_000) * 60_000)
}

async function* received(
  queue: Queue,
  name: string,
  options: ReplayOptions
): AsyncGenerator<Delivery[], void, undefined> {
  let empty = 0
  while (empty < EMPTY_TIMES) {
    if (options.isClosed()) throw closed(name)
    const hasEnded = await isOver(name, options)
    const messages = await queue.receive(1, QUEUE.visibilitySeconds)
    const deliveries = messages.map(({ Body: text = '' }) => ({ text, eventId: idOf(text) }))
    const wanted = deliveries.filter(({ text }) => isWithin(text, options.range))
    if (wanted.length > 0) yield wanted
    const receipts = messages.map(({ MessageId = '', ReceiptHandle = '' }) => ({
      messageId: MessageId,
      receipt: ReceiptHandle,
    }))
    await queue.delete(receipts)
    empty = hasEnded && messages.length === 0 ? empty + 1 : 0
    if (!hasEnded && messages.length === 0) await pause(LOOK_MS)
  }
}

async function isOver(name: string, { clients, resources }: ReplayOptions): Promise<boolean> {
  const { State, StateReason } = await clients.eventBridge.send(new DescribeReplayCommand({ ReplayName: name }))
  if (State === 'FAILED' || State === 'CANCELLED') {
    throw new StreamerError(
      'STREAMER_UNAVAILABLE',
      `The replay has ended as ${State}: ${StateReason ?? 'no reason given'}.`,
      {
        at: `archive ${resources.archive}`,
        hint: 'Read it again.',
        retryable: true,
      }
    )
  }
  return State === 'COMPLETED'
}

function idOf(text: string): string {
  return readEnvelope(text).known.id ?? ''
}

/** EventBridge's time has whole seconds: an event counts as of the beginning of its second. */
function isWithin(text: string, { from, to }: ReplayOptions['range']): boolean {
  const time = Date.parse(readEnvelope(text).time ?? '')
  if (Number.isNaN(time)) return true
  const second = (date: Date): number => Math.floor(date.getTime() / 1000) * 1000
  return (from === undefined || time >= second(from)) && (to === undefined || time < to.getTime())
}

/** What is left behind is named after the replay. */
async function cleanUp(
  name: string,
  queueUrl: string | undefined,
  { clients, resources }: ReplayOptions
): Promise<void> {
  const { eventBridge, sqs } = clients
  const rule = { Rule: name, EventBusName: resources.eventBus }
  await Promise.allSettled([eventBridge.send(new CancelReplayCommand({ ReplayName: name }))])
  await Promise.allSettled([eventBridge.send(new RemoveTargetsCommand({ ...rule, Ids: [TARGET_ID] }))])
  await Promise.allSettled([eventBridge.send(new DeleteRuleCommand({ Name: name, EventBusName: resources.eventBus }))])
  if (queueUrl !== undefined) await Promise.allSettled([sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }))])
}
