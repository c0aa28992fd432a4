import { shownType } from '@boostercloud/streamer-connector'
import type { EventMetadata, RecordForm, WireMessage } from '@boostercloud/streamer-connector'
import { keyCodecOf } from '../options'
import type { KafkaStreamerSettings } from '../options'
import { recordForm, toRecord } from './message'
import type { EncodedRecord, RecordsOf } from './message'
import type { ReadRecord } from './record'

type KeySettings = Pick<KafkaStreamerSettings, 'topics' | 'keyCodec'>
type Partition = Pick<RecordsOf, 'partition' | 'topicId'>

/** Makes records for a topic. Throws as `toRecord` does. */
export function recordsFor(
  settings: KeySettings,
  topic: string
): (message: WireMessage, metadata: EventMetadata) => EncodedRecord {
  const keyCodec = keyCodecOf(settings, topic)
  return (message, metadata) => toRecord(message, { at: shownType(metadata), keyCodec })
}

/** How the records of a topic are read; made once for each object that names a partition, and kept as long as that. */
export function recordForms(settings: KeySettings, topic: string): (from: Partition) => RecordForm<ReadRecord> {
  const keyCodec = keyCodecOf(settings, topic)
  const forms = new WeakMap<Partition, RecordForm<ReadRecord>>()
  return (from) => {
    const form = forms.get(from) ?? recordForm({ topic, ...from, keyCodec })
    forms.set(from, form)
    return form
  }
}
