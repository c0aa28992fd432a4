import { rmSync } from 'node:fs'
import type { StateChange, StateStore } from '@boostercloud/streamers/state'
import { polled, replacing } from './fault'
import type { Fault } from './fault'

type Service = NonNullable<Fault['service']>

/** A state with some of its methods made another way. */
const stateWith = (make: (state: StateStore) => Partial<StateStore>): Service => {
  return (parts) => ({
    ...parts,
    state: Object.create(parts.state, Object.getOwnPropertyDescriptors(make(parts.state))) as StateStore,
  })
}

/** A state that writes other changes than it is given. */
const committing = (change: (change: StateChange) => StateChange[]): Service =>
  stateWith((state) => ({ commit: (changes) => state.commit(changes.flatMap(change)) }))

const without = (...names: StateChange['do'][]): Service =>
  committing((change) => (names.includes(change.do) ? [] : [change]))

const keyed = (key: string | undefined): Fault['into'] =>
  polled((events) => events.map((event) => ({ ...event, metadata: { ...event.metadata, key } })))

/** What can be wrong with a service on a connector, and with a connector so that only a service shows it. */
export const failureFaults: readonly Fault[] = [
  {
    name: 'keeps no dead letter of what cannot be read',
    breaks: ['hostile_records_are_dead_letters'],
    service: committing((change) => (change.do === 'park' && change.event.handler === '' ? [] : [change])),
  },
  {
    name: 'tries again at once',
    breaks: ['retry_backs_off'],
    service: (parts) => ({
      ...parts,
      links: parts.links.map((link) => ({ ...link, retry: { ...link.retry, firstDelayMs: 0 } })),
    }),
  },
  {
    name: 'tries again after the same delay each time',
    breaks: ['retry_backs_off'],
    service: (parts) => ({
      ...parts,
      links: parts.links.map((link) => ({ ...link, retry: { ...link.retry, factor: 1 } })),
    }),
  },
  {
    name: 'does not try again',
    breaks: ['retry_backs_off', 'order_by_key_retry'],
    service: (parts) => ({
      ...parts,
      links: parts.links.map((link) => ({
        ...link,
        retry: { ...link.retry, attempts: 1 },
        afterDeadLetter: 'continue' as const,
      })),
    }),
  },
  {
    name: 'forgets how often it has tried',
    breaks: ['attempts_survive_restart'],
    service: stateWith((state) => {
      let isFirst = true
      return {
        parkedOf: async (lane, limit) => {
          const [head, ...others] = await state.parkedOf(lane, limit)
          if (head === undefined) return []
          if (head.dueAt > Date.now() || !isFirst) return [head, ...others]
          isFirst = false
          return [{ ...head, attempts: 0 }, ...others]
        },
      }
    }),
  },
  {
    name: 'keeps its place before the handler has run',
    breaks: ['ack_after_handler', 'dead_letter_failure_is_not_acked', 'handled_after_crash'],
    service: (parts) => {
      const { connector, state, links } = parts
      const address = links[0]?.address as string
      const poll: typeof connector.poll = async (topic, id) => {
        const events = await connector.poll(topic, id)
        const position = events.at(-1)?.eventId
        if (position !== undefined) await state.commit([{ do: 'move-position', address, position }])
        return events
      }
      return { ...without('move-position')(parts), connector: Object.assign(Object.create(connector), { poll }) }
    },
  },
  {
    name: 'forgets what it has finished',
    breaks: ['handled_after_crash', 'drain_on_sigterm'],
    service: without('finish', 'write-outcome', 'move-position'),
  },
  {
    name: 'says that a dead letter is written when it is not',
    breaks: ['dead_letter_failure_is_not_acked'],
    service: stateWith((state) => ({ commit: (changes) => state.commit(changes).catch(() => undefined) })),
  },
  {
    name: 'keeps no cause',
    breaks: ['dead_letter_has_cause_and_bytes'],
    service: committing((change) =>
      'event' in change ? [{ ...change, event: { ...change.event, cause: undefined } }] : [change]
    ),
  },
  {
    name: 'keeps no bytes',
    breaks: ['dead_letter_has_cause_and_bytes'],
    into: polled((events) => events.map((event) => ({ ...event, metadata: { ...event.metadata, raw: undefined } }))),
  },
  {
    name: 'loses what is redriven',
    breaks: ['redrive_once'],
    service: committing((change) => (change.do === 'redrive' ? [{ do: 'unpark', place: change.place }] : [change])),
  },
  {
    name: 'redrives behind what waits',
    breaks: ['redrive_once'],
    service: stateWith((state) => ({
      commit: async (changes) => {
        const [redrive] = changes
        if (redrive?.do !== 'redrive') return state.commit(changes)
        const [letter] = await state.deadLetters(1)
        if (!letter) return
        await state.commit([
          { do: 'unpark', place: redrive.place },
          { do: 'park', event: { ...letter, state: 'retry', holds: false } },
        ])
      },
    })),
  },
  {
    name: 'knows one key only',
    breaks: ['poison_blocks_only_its_key', 'slow_key_blocks_no_other', 'slow_handler_keeps_membership'],
    into: keyed('the key'),
  },
  { name: 'loses the key', breaks: ['poison_blocks_only_its_key', 'order_by_key_retry'], into: keyed(undefined) },
  {
    name: 'hands out again what takes long',
    position: 'broker',
    breaks: ['slow_handler_keeps_membership'],
    into: replacing('poll', (poll, connector) => async (topic: string, id?: string) => {
      const inside = connector as unknown as { session(topic: string): { next: number; since?: number } }
      const session = inside.session(topic)
      const events = await poll(topic, id)
      session.since ??= events.length > 0 ? Date.now() : undefined
      if (session.since === undefined || Date.now() - session.since < 100) return events
      Object.assign(session, { next: 0, since: Infinity })
      return events
    }),
  },
  {
    name: 'swaps events after an outage',
    breaks: ['order_by_key_reconnect', 'outage_is_bounded'],
    into(connector) {
      const publish = connector.publish.bind(connector)
      let wasAway = false
      connector.publish = (events, topic) =>
        publish(wasAway ? [...events].reverse() : events, topic).catch((thrown: unknown) => {
          wasAway = true
          throw thrown
        })
    },
  },
  {
    name: 'forgets what is pending',
    breaks: ['outage_is_bounded', 'sweep_after_reconnect', 'order_by_key_reconnect'],
    service: without('mark-pending'),
  },
  {
    name: 'never finds its way back',
    breaks: ['sweep_after_reconnect'],
    into(connector) {
      const publish = connector.publish.bind(connector)
      let failed: Promise<void> | undefined
      connector.publish = (events, topic) => {
        failed ??= publish(events, topic).catch((thrown: unknown) => {
          throw thrown
        })
        return failed
      }
    },
  },
  {
    name: 'is well whatever happens',
    breaks: ['stall_is_unhealthy'],
    into: replacing('health', () => async () => ({ healthy: true, details: {} })),
  },
  {
    name: 'does not end by itself',
    breaks: ['drain_on_sigterm'],
    into: replacing('close', (close) => async () => {
      await close()
      await new Promise(() => undefined)
    }),
  },
  {
    name: 'empties a topic that it provisions',
    breaks: ['provision_is_idempotent'],
    into: replacing('provision', (provision, connector) => async (topics: readonly string[]) => {
      const { dir } = (connector as unknown as { options: { dir: string } }).options
      for (const topic of topics) rmSync(`${dir}/${topic}.jsonl`, { force: true })
      return provision(topics)
    }),
  },
]
