/** What AWS hands a function, as its documentation shows it, with values of ours. */

/** A note as this project publishes it: a CloudEvent. */
export interface Note {
  readonly id: string
  readonly of: string
  readonly n: number
}

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export function busEvent({ id, of, n }: Note): Record<string, unknown> {
  return {
    version: '0',
    id: `6a7e8feb-b491-4cf7-a9f1-${id.padStart(12, '0').slice(-12)}`,
    'detail-type': 'Note',
    source: 'notes',
    account: '111122223333',
    time: '2026-11-21T10:22:22Z',
    region: 'eu-west-1',
    resources: [],
    detail: {
      specversion: '1.0',
      id,
      source: 'writer',
      type: 'Note',
      subject: of,
      datacontenttype: 'application/json',
      data: { of, n },
    },
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export function queueBatch(bodies: Readonly<Record<string, string>>): { readonly Records: readonly unknown[] } {
  return {
    Records: Object.entries(bodies).map(([messageId, body]) => ({
      messageId,
      receiptHandle: 'AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...',
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1545082649183',
        SenderId: 'AIDAIENQZJOLO23YVJ4VO',
        ApproximateFirstReceiveTimestamp: '1545082649185',
      },
      messageAttributes: {},
      md5OfBody: 'e4e68fb7bd0e697a0ae8f1bb342846b3',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:shop-production-notes',
      awsRegion: 'eu-west-1',
    })),
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html */
export function kafkaBatch(notes: readonly Note[]): Record<string, unknown> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const header = (name: string, value: string): object => ({ [name]: [...Buffer.from(value)] })
  return {
    eventSource: 'aws:kafka',
    eventSourceArn:
      'arn:aws:kafka:eu-west-1:123456789012:cluster/vpc-2priv-2pub/751d2973-a626-431c-9d4e-d7975eb44dd7-2',
    bootstrapServers: 'b-1.demo-cluster-1.a1bcde.c1.kafka.eu-west-1.amazonaws.com:9092',
    records: {
      'notes-0': notes.map(({ id, of, n }, offset) => ({
        topic: 'notes',
        partition: 0,
        offset,
        timestamp: 1545084650987,
        timestampType: 'CREATE_TIME',
        key: base64(of),
        value: base64(JSON.stringify({ of, n })),
        headers: [
          header('ce_specversion', '1.0'),
          header('ce_id', id),
          header('ce_source', 'writer'),
          header('ce_type', 'Note'),
          header('ce_subject', of),
          header('content-type', 'application/json'),
        ],
      })),
    },
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
export const scheduled = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '123456789012',
  time: '2026-11-21T16:53:06Z',
  region: 'eu-west-1',
  resources: ['arn:aws:events:eu-west-1:123456789012:rule/shop-retry'],
  detail: {},
} as const
