import { setTimeout as pause } from 'node:timers/promises'
import { groupOwnedError } from '@boostercloud/streamer-connector'
import { replacing } from './fault'
import type { Fault } from './fault'

/** What can be wrong with keeping whose a group is. */
export const groupFaults: readonly Fault[] = [
  {
    name: 'refuses nobody',
    breaks: ['group_is_one_states', 'group_is_free_when_left', 'group_is_free_when_dead'],
    into: replacing('ownGroup', () => async () => ({ before: [] })),
  },
  {
    name: 'takes what it may before it is refused the rest',
    breaks: ['group_is_one_states'],
    into: replacing('ownGroup', (own) => async (topics: readonly string[], owner: Parameters<typeof own>[1]) => {
      for (const topic of topics) await own([topic], { ...owner, leaseMs: 60_000 })
      return own(topics, owner)
    }),
  },
  {
    name: 'refuses a replica',
    breaks: ['group_is_one_states', 'group_is_free_when_left'],
    into: replacing(
      'ownGroup',
      (own) => (topics: readonly string[], owner: Parameters<typeof own>[1]) =>
        own(topics, { ...owner, stateId: owner.member })
    ),
  },
  {
    name: 'never gives a group back',
    breaks: ['group_is_free_when_left'],
    into: replacing('leaveGroup', () => async () => undefined),
  },
  {
    name: 'gives a group back for all',
    breaks: ['group_is_free_when_left'],
    into: replacing('leaveGroup', (_, connector) => async (topics: readonly string[]) => {
      connector.group.forget(topics)
    }),
  },
  {
    name: 'forgets who was before',
    breaks: ['group_is_free_when_left', 'group_is_free_when_dead'],
    into: replacing('ownGroup', (own) => async (...asked: Parameters<typeof own>) => {
      await own(...asked)
      return { before: [] }
    }),
  },
  {
    name: 'owns a group for ever',
    breaks: ['group_is_free_when_dead'],
    into: replacing(
      'ownGroup',
      (own) => (topics: readonly string[], owner: Parameters<typeof own>[1]) => own(topics, { ...owner, leaseMs: 1e9 })
    ),
  },
  {
    name: 'never asks again whose a group is that it has owned',
    breaks: ['group_is_not_a_sleepers'],
    into(connector) {
      const own = connector.ownGroup.bind(connector)
      let owned: ReturnType<typeof own> | undefined
      connector.ownGroup = (...asked) =>
        (owned ??= own(...asked).catch((thrown: unknown) => {
          owned = undefined
          throw thrown
        }))
    },
  },
  {
    name: 'lets only the owner of a group read',
    breaks: ['group_refuses_no_reader'],
    into: replacing('poll', (poll, connector) => async (topic: string, id?: string) => {
      if (connector.group.isOwned(topic)) throw groupOwnedError({ group: 'any', topic, option: 'appName' })
      await pause(0)
      return poll(topic, id)
    }),
  },
]
