import { setTimeout as pause } from 'node:timers/promises'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { LogConnector } from '../log-connector'
import { polled, publishing, replacing } from './fault'
import type { Fault } from './fault'

const swapFirstTwo = (events: ExternalEvent[]): ExternalEvent[] =>
  events.length < 2 ? events : [events[1] as ExternalEvent, events[0] as ExternalEvent, ...events.slice(2)]

/** What can be wrong with polling. */
export const receiveFaults: readonly Fault[] = [
  {
    name: 'drops every seventh event',
    breaks: ['order_by_key_steady', 'groups_are_independent', 'batch_split_by_count'],
    into: polled((events) => events.filter((_, i) => i % 7 !== 6)),
  },
  { name: 'swaps two events', breaks: ['batch_split_by_count', 'batch_split_by_bytes'], into: polled(swapFirstTwo) },
  {
    name: 'swaps the batches of a publisher',
    breaks: ['order_by_key_steady'],
    into: publishing((publish, events, topic) => publish([...events].reverse(), topic)),
  },
  {
    name: 'hands out an event twice',
    breaks: [
      'order_by_key_steady',
      'empty_publish_is_nothing',
      'settled_ids_are_not_redelivered',
      'topics_are_separate',
    ],
    into: polled((events) => events.flatMap((event, i) => (i === 0 ? [event, event] : [event]))),
  },
  {
    name: 'shares one position among all services',
    position: 'broker',
    breaks: ['groups_are_independent', 'same_id_every_time'],
    into: replacing(
      'attach',
      (attach) => () => (attach as (c: object) => void)({ streamerId: 'under-test', appName: 'all' })
    ),
  },
  {
    name: "hands out other topics' events",
    breaks: ['topics_are_separate'],
    into(connector) {
      const [publish, poll] = [connector.publish.bind(connector), connector.poll.bind(connector)]
      connector.publish = async (events) => publish(events, 'everything')
      connector.poll = async (topic, id) =>
        (await poll('everything', id)).map((event) => ({ ...event, streamerTopic: topic }))
    },
  },
  {
    name: 'forgets the topic of what it hands out',
    breaks: ['topics_are_separate'],
    into: polled((events) => events.map((event) => ({ ...event, streamerTopic: undefined }))),
  },
  {
    name: 'starts at the end of a topic',
    position: 'broker',
    breaks: ['new_subscriber_gets_old_events'],
    into(connector) {
      const poll = connector.poll.bind(connector)
      const begun = new Set<string | undefined>()
      connector.poll = async (topic, id) => {
        if (begun.has(topic)) return poll(topic, id)
        begun.add(topic)
        return (await poll(topic, id)).slice(0, 0)
      }
    },
  },
  {
    name: 'gives all events of a batch one ID',
    breaks: ['event_ids_are_unique_and_stable', 'poll_resumes_from_last_id'],
    into: polled((events) => events.map((event) => ({ ...event, eventId: events.at(-1)?.eventId }))),
  },
  {
    name: 'invents an ID at each poll',
    breaks: ['event_ids_are_unique_and_stable'],
    into: polled((events) =>
      events.map((event) => ({ ...event, eventId: `${event.eventId}.${Math.random().toString().slice(2)}` }))
    ),
  },
  {
    name: 'counts the places anew in each session',
    position: 'broker',
    breaks: ['places_are_stable'],
    into(connector) {
      let count = 0
      polled((events) => events.map((event) => ({ ...event, place: { partition: '0', offset: ++count } })))(connector)
      const read = connector.read.bind(connector)
      connector.read = async function* (topic, range) {
        for await (const event of read(topic, range)) yield { ...event, place: { partition: '0', offset: ++count + 1 } }
      }
    },
  },
  {
    name: 'hands over what it has made of the bytes',
    breaks: ['message_is_as_received'],
    into: polled((events) =>
      events.map((event) => ({
        ...event,
        message: event.message && { ...event.message, body: Buffer.from(JSON.stringify(event.eventPayload) ?? '') },
      }))
    ),
  },
  {
    name: 'hands out everything at once',
    breaks: ['poll_hands_out_bounded_batches'],
    into: replacing('poll', (poll) => async (topic?: string, id?: string) => {
      const all: ExternalEvent[] = []
      for (let events = await poll(topic, id); events.length > 0; events = await poll(topic, all.at(-1)?.eventId))
        all.push(...events)
      return all
    }),
  },
  {
    name: 'ignores lastReceivedEventID',
    breaks: [
      'poll_resumes_from_last_id',
      'batch_split_by_count',
      'settled_ids_are_not_redelivered',
      'continues_after_close',
    ],
    into: replacing('poll', (poll) => (topic?: string) => poll(topic)),
  },
  {
    name: 'settles what it has handed out',
    position: 'broker',
    breaks: [
      'unsettled_is_redelivered_after_restart',
      'redelivered_after_crash',
      'acknowledge_settles_without_fetching',
    ],
    into: (connector) =>
      polled(async (events, topic) => {
        const last = events.at(-1)?.eventId
        if (last !== undefined) await connector.acknowledge(last, topic)
        return events
      })(connector),
  },
  {
    name: 'never settles',
    position: 'broker',
    breaks: ['settled_ids_are_not_redelivered', 'unsettled_is_redelivered_after_restart', 'continues_after_close'],
    into: replacing('acknowledge', () => async () => undefined),
  },
  {
    name: 'settles any ID that looks like one',
    position: 'broker',
    breaks: ['id_of_another_session_settles_nothing'],
    into: replacing('acknowledge', (_, connector) => async (id: string, topic: string) => {
      const inside = connector as unknown as { session(topic: string): { id: string } }
      const known = Object.getPrototypeOf(connector) as LogConnector
      return known.acknowledge.call(connector, `${inside.session(topic).id}@${id.split('@').at(-1)}`, topic)
    }),
  },
  {
    name: 'hands out again what was not settled yet',
    position: 'broker',
    breaks: ['each_event_once_a_session'],
    into: replacing('poll', (poll, connector) => async (topic: string, id?: string) => {
      const events = await poll(topic, id)
      const inside = connector as unknown as { session(topic: string): { next: number } }
      if (id?.endsWith('@3')) inside.session(topic).next = 3
      return events
    }),
  },
  {
    name: 'loses what a dead process was handed',
    position: 'broker',
    breaks: ['redelivered_after_crash'],
    into: (connector) =>
      polled(async (events, topic) => {
        await Promise.all(events.slice(0, 1).map(({ eventId }) => connector.acknowledge(eventId as string, topic)))
        return events
      })(connector),
  },
  {
    name: 'returns at once when there is nothing',
    breaks: ['empty_poll_waits_then_returns'],
    into: replacing('poll', (_, connector) => {
      const inside = connector as unknown as { options: { pollWaitMs: number } }
      inside.options = { ...inside.options, pollWaitMs: 0 }
      return Object.getPrototypeOf(connector).poll
    }),
  },
  {
    name: 'looks for new events only when a poll begins and ends',
    breaks: ['waiting_poll_wakes'],
    into: replacing('poll', (poll, connector) => async (topic?: string, id?: string) => {
      const { pollWaitMs } = (connector as unknown as { options: { pollWaitMs: number } }).options
      const begin = Date.now()
      const events = await poll(topic, id)
      if (events.length === 0 || Date.now() - begin < 50) return events
      await pause(pollWaitMs - (Date.now() - begin))
      return events
    }),
  },
]
