import { randomUUID } from 'node:crypto'
import { StreamerError, isBounded, isRawPublishing, isStreamerError } from '@boostercloud/streamer-connector'
import type { RawPublishing, WireMessage } from '@boostercloud/streamer-connector'
import type { RecordedEvent } from '../format'
import { addressKey, partitionKey, partitionOf } from '../manifest'
import type { PartitionOf } from '../manifest'
import { dueBatches } from './due-batches'
import { withNewIds } from './new-ids'
import type { LakeReplayOptions, LakeReplayed, ReplayedTo } from './replay-options'

/** Publishes recorded events in their order. `known`: the partitions that the lake has events of. */
export async function replayEvents(
  events: AsyncIterable<RecordedEvent>,
  known: readonly PartitionOf[],
  options: LakeReplayOptions
): Promise<LakeReplayed> {
  const { into, speed = Infinity, newIds, after, onPublished, signal } = options
  const { connector, topic } = into
  if (!isRawPublishing(connector)) throw cannotPublish(topic)
  if (!options.isSameLog) await requireOther(into, known)
  const done = new Done(after)
  let count = 0
  for await (const batch of dueBatches(done.rest(events), speed, signal)) {
    const messages = batch.map(({ message, key }) => withKey(newIds ? withNewIds(message, done.seed) : message, key))
    await publish(connector, messages, batch, topic)
    done.add(batch)
    count += batch.length
    onPublished?.(count, done.to)
  }
  return { events: count, ...done.to }
}

/** How far a replay is. */
class Done {
  public readonly seed: string
  private readonly positions: Record<string, number>
  private readonly counts: Record<string, number>

  public constructor(after?: ReplayedTo) {
    this.seed = after?.seed ?? randomUUID()
    this.positions = { ...after?.positions }
    this.counts = { ...after?.counts }
  }

  public get to(): ReplayedTo {
    return { seed: this.seed, positions: { ...this.positions }, counts: { ...this.counts } }
  }

  /** Those that were not published before. */
  public async *rest(events: AsyncIterable<RecordedEvent>): AsyncGenerator<RecordedEvent, void, undefined> {
    const [positions, left] = [{ ...this.positions }, { ...this.counts }]
    for await (const event of events) {
      const [key, position] = placeOf(event)
      if (position !== undefined ? position <= (positions[key] ?? -1) : (left[key] = (left[key] ?? 0) - 1) >= 0)
        continue
      yield event
    }
  }

  public add(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      const [key, position] = placeOf(event)
      if (position === undefined) this.counts[key] = (this.counts[key] ?? 0) + 1
      else this.positions[key] = position
    }
  }
}

function placeOf(event: RecordedEvent): [key: string, position: number | undefined] {
  const partition = partitionOf(event)
  return partition === undefined ? [addressKey(event), undefined] : [partitionKey(partition), event.position]
}

/** What orders an event orders its copy, also where only its bytes say it. */
function withKey(message: WireMessage, key: string | undefined): WireMessage {
  return message.key === undefined && key !== undefined ? { ...message, key } : message
}

async function publish(
  connector: RawPublishing,
  messages: readonly WireMessage[],
  batch: readonly RecordedEvent[],
  topic: string | undefined
): Promise<void> {
  try {
    await connector.publishRaw(messages, topic)
  } catch (thrown) {
    if (!isStreamerError(thrown) || thrown.retryable) throw thrown
    const [{ position, id }] = batch
    throw new StreamerError(thrown.code, `One of ${batch.length} recorded events was refused: ${thrown.message}`, {
      at: `${addressKey(batch[0])}, from position ${position ?? '-'}, id ${id ?? '-'}`,
      hint: thrown.hint,
      cause: thrown,
    })
  }
}

/** Throws where events would be appended to the log that they came from. */
async function requireOther(
  { connector, topic }: LakeReplayOptions['into'],
  known: readonly PartitionOf[]
): Promise<void> {
  if (!isBounded(connector)) return
  const logs = new Set((await connector.bounds(topic)).map(({ logId }) => logId))
  if (!known.some((one) => one.topic === topic && one.log !== undefined && logs.has(one.log))) return
  throw sameLog(topic)
}

function sameLog(topic: string | undefined): StreamerError {
  return new StreamerError(
    'OPTION_INVALID',
    'The events were recorded from this very log and topic: they would be in it twice.',
    {
      at: topic ?? 'the default topic',
      hint: 'Publish them to another topic, or to a log or broker for tests. To publish them here all the same: --same-address, or isSameLog.',
    }
  )
}

function cannotPublish(topic: string | undefined): StreamerError {
  return new StreamerError(
    'OPTION_INVALID',
    'The streamer cannot publish recorded events: its connector has no publishRaw.',
    {
      at: topic ?? 'the default topic',
      hint: 'Implement RawPublishing in the connector, or replay into an embedded log: --local FOLDER.',
    }
  )
}
