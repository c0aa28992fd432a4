/**
 * Tables of the streaming state that are worth moving, with what tells their rows apart. Leases are not: nobody holds them afterwards. Nor is when a run
 * began: it is over then.
 */
export const STREAMING_TABLES: Readonly<
  Record<string, { readonly columns: readonly string[]; readonly key: readonly string[] }>
> = {
  pending: {
    columns: [
      'place',
      'address',
      'id',
      'type_name',
      'entity_type_name',
      'entity_id',
      'slot',
      'marked_at',
      'owner',
      'context',
      'refused',
    ],
    key: ['place'],
  },
  inbox: {
    columns: [
      'handler',
      'source',
      'id',
      'state',
      'owner',
      'claimed_until',
      'at',
      'outcome',
      'starts',
      'slow',
      'address',
    ],
    key: ['handler', 'source', 'id'],
  },
  parked: {
    columns: [
      'place',
      'address',
      'handler',
      'lane',
      'source',
      'id',
      'state',
      'holds',
      'attempts',
      'due_at',
      'first_at',
      'last_at',
      'cause',
      'event',
    ],
    key: ['place'],
  },
  timers: {
    columns: ['handler', 'name', 'id', 'due_at', 'set_at', 'delay_ms', 'lane', 'content'],
    key: ['handler', 'name'],
  },
  paused_links: { columns: ['address', 'handler'], key: ['address', 'handler'] },
  positions: { columns: ['address', 'position'], key: ['address'] },
}

/** Tables that are empty in a new store. */
export const FILLED_TABLES = [
  'entities',
  'events',
  'snapshots',
  'dispatched_events',
  'read_models',
  ...Object.keys(STREAMING_TABLES),
] as const
