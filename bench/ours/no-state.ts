import type { StateStore } from '@boostercloud/streamers/state'

const nothing = async (): Promise<undefined> => undefined
const none = async (): Promise<never[]> => []
const zero = async (): Promise<number> => 0

/** A state that keeps nothing and lets everything pass: what the path costs without it. */
export const noState: StateStore = {
  name: 'nothing',
  commit: nothing,
  claim: async (requests) => requests.map(() => ({ state: 'claimed' })),
  lease: async (names) => [...names],
  leaseHolders: async () => new Map(),
  release: nothing,
  pendingAddresses: none,
  pendingMarks: none,
  parkedLanes: none,
  parkedOf: none,
  parkedEvents: none,
  lastFailures: none,
  deadLetters: none,
  refusedMarks: none,
  pausedLinks: none,
  revision: zero,
  position: nothing,
  positions: none,
  knownRuns: none,
  ignoredTypes: none,
  identity: async () => ({ id: 'none', takenFrom: [], followed: [], isImporting: false }),
  noteIdentity: nothing,
  hasContent: async () => false,
  rename: async () => ({
    pending: 0,
    inbox: 0,
    parked: 0,
    deadLetters: 0,
    pausedLinks: 0,
    positions: 0,
    ignoredTypes: 0,
  }),
  async *rows() {},
  takeIn: async () => ({ pending: 0, inbox: 0, parked: 0, paused_links: 0, positions: 0 }),
  counts: async () => ({ pending: 0, refused: 0, inbox: 0, parked: 0, deadLetters: 0 }),
  pendingByAddress: async () => new Map(),
  parkedByLink: none,
  expireInbox: zero,
  expireDeadLetters: zero,
  forgetKey: zero,
  close: nothing,
}
