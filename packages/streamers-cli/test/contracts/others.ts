/** What other teams register, and what arrives of an event in it; the class that is written has these lines. */
export const OTHERS = {
  refunds: {
    schemaType: 'JSON',
    schema: JSON.stringify({
      title: 'Refund made',
      description: 'Money went back.',
      type: 'object',
      required: ['refund-id', 'cents', 'state'],
      properties: {
        'refund-id': { type: 'string' },
        cents: { type: 'integer' },
        state: { enum: ['OPEN', 'DONE'] },
        at: { type: 'string', format: 'date-time' },
        to: { $ref: '#/$defs/account' },
        lines: { type: 'array', items: { type: 'object', properties: { text: { type: ['string', 'null'] } } } },
      },
      $defs: { account: { type: 'object', properties: { number: { type: 'integer' } } } },
    }),
    entityId: 'refund-id',
    file: 'refund-made.ts',
    lines: [
      '/** Money went back. */\nexport class RefundMade {',
      "public static readonly eventType = 'Refund made'",
      "public readonly 'refund-id'!: UUID",
      'public readonly cents!: number',
      "public readonly state!: 'OPEN' | 'DONE'",
      '/** Text: date-time. */\n  public readonly at?: string | undefined',
      'public readonly to?: Account | undefined',
      'readonly number?: number | bigint',
      'readonly text?: string | null',
      "return this['refund-id']",
    ],
    event: { 'refund-id': 'r1', cents: 12, state: 'DONE', lines: [{ text: null }] },
  },
  trips: {
    schemaType: 'PROTOBUF',
    schema: `syntax = "proto3"; package com.bank; import "google/protobuf/timestamp.proto";
message TripEnded {
  string trip_id = 1; int64 metres = 2; optional string note = 3; repeated Stop stops = 4; map<string, int32> fares = 5;
  google.protobuf.Timestamp at = 6; Kind kind = 7; bytes photo = 8;
  enum Kind { CITY = 0; REGION = 1; }
}
message Stop { string name = 1; }`,
    entityId: 'tripId',
    file: 'trip-ended.ts',
    lines: [
      'export class TripEnded {',
      'public readonly tripId!: UUID',
      'public readonly metres!: number',
      'public readonly note?: string | undefined',
      'public readonly stops!: readonly Stop[]',
      'public readonly fares!: { readonly [key: string]: number }',
      '/** Text: timestamp. */\n  public readonly at?: string | undefined',
      'public readonly kind!: Kind',
      'public readonly photo!: Uint8Array',
      "export type Kind = 'CITY' | 'REGION' | number",
    ],
    event: {
      tripId: 't1',
      metres: 5,
      stops: [{ name: 'a' }],
      fares: { a: 1 },
      kind: 'REGION',
      photo: new Uint8Array(0),
    },
  },
} as const
