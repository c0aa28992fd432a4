import { setTimeout as pause } from 'node:timers/promises'
import { DiscardPolicy, RetentionPolicy, StorageType } from '@nats-io/jetstream'
import type { StreamInfo } from '@nats-io/jetstream'
import { nanos } from '@nats-io/nats-core'
import { covers, subjectsOfStream } from '../options'
import type { NatsStreamerSettings } from '../options'
import type { Connection } from './connection'
import { API, apiCode, errorFrom, unavailable } from './errors'

/** How often the stream is looked at, should others change it at the same moment. */
const LOOKS = 10
/** Milliseconds after which subjects that were added are looked for again. */
const LOOK_AGAIN_MS = 100

/**
 * Makes the stream where it is missing, and gives it the subjects of topics that it lacks. Everything else of a stream that is there
 * stays. Rejects with `STREAMER_…`, and with `OPTION_INVALID` where the subjects belong to another stream.
 */
export async function declareStream(
  connection: Connection,
  settings: NatsStreamerSettings,
  topics: readonly string[]
): Promise<void> {
  const { stream, subject } = settings
  const wanted = subjectsOfStream(subject, topics)
  try {
    let changed = false
    for (let looks = 0; looks < LOOKS; looks += 1) {
      const found = await findStream(connection, stream)
      const subjects = found?.config.subjects ?? []
      const missing = wanted.filter((one) => !subjects.some((pattern) => covers(pattern, one)))
      if (found && missing.length === 0) {
        if (!changed) return
        // JetStream changes no stream conditionally: another process may have put its own list in place of ours.
        changed = false
        await pause(LOOK_AGAIN_MS)
      } else if (found) {
        changed = true
        await widenStream(connection, stream, withoutCovered([...subjects, ...missing]))
      } else await addStream(connection, settings, withoutCovered(missing))
    }
  } catch (thrown) {
    throw errorFrom(thrown, stream)
  }
  throw unavailable(`the stream loses the subjects that it is given`, stream)
}

/** What the server knows of a stream; undefined where there is none of that name. */
export async function findStream(connection: Connection, stream: string): Promise<StreamInfo | undefined> {
  try {
    return await connection.ask((api) => api.streams.info(stream))
  } catch (thrown) {
    if (apiCode(thrown) === API.streamNotFound) return undefined
    throw thrown
  }
}

async function widenStream(connection: Connection, stream: string, subjects: string[]): Promise<void> {
  await connection.ask((api) => api.streams.update(stream, { subjects }))
}

async function addStream(connection: Connection, settings: NatsStreamerSettings, subjects: string[]): Promise<void> {
  const { stream, replicas, storage, retention, duplicateWindowMs } = settings
  const { maxAgeMs, maxBytes = -1, maxEvents = -1 } = retention
  try {
    await connection.ask((api) =>
      api.streams.add({
        name: stream,
        subjects,
        retention: RetentionPolicy.Limits,
        discard: DiscardPolicy.Old,
        storage: storage === 'file' ? StorageType.File : StorageType.Memory,
        num_replicas: replicas,
        max_age: maxAgeMs === undefined ? 0 : nanos(maxAgeMs),
        max_bytes: maxBytes,
        max_msgs: maxEvents,
        duplicate_window: nanos(Math.min(duplicateWindowMs, maxAgeMs ?? Infinity)),
      })
    )
  } catch (thrown) {
    // Another process has made it in the meantime, in its own way.
    if (apiCode(thrown) !== API.streamNameInUse) throw thrown
  }
}

/** A stream may not have two subjects of which one covers the other. */
function withoutCovered(subjects: readonly string[]): string[] {
  const unique = [...new Set(subjects)]
  return unique.filter((one) => !unique.some((other) => other !== one && covers(other, one)))
}
