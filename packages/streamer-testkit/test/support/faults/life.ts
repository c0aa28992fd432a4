import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { StreamerError } from '@boostercloud/streamer-connector'
import { publishing, replacing } from './fault'
import type { Fault } from './fault'

/** What can be wrong with beginning and end. */
export const lifeFaults: readonly Fault[] = [
  {
    name: 'declares no size',
    breaks: ['declares_its_capabilities'],
    into: (connector) => Object.assign(connector, { capabilities: { ...connector.capabilities, maxEventBytes: 0 } }),
  },
  {
    name: 'declares what it has not',
    breaks: ['declares_its_capabilities'],
    into: (connector) => Object.assign(connector, { capabilities: { ...connector.capabilities, delivery: 'both' } }),
  },
  {
    name: 'connects when it is attached',
    breaks: ['nothing_connects_before_use'],
    into: replacing('attach', (attach, connector) => (context: Parameters<typeof attach>[0]) => {
      attach(context)
      ;(connector as unknown as { session(topic: string): { log: { read(): void } } }).session('any').log.read()
    }),
  },
  {
    name: 'throws bare errors when the target is not there',
    breaks: ['nothing_connects_before_use', 'publish_while_away_rejects', 'reconnects_after_broker_restart'],
    into: publishing((publish, events, topic) =>
      publish(events, topic).catch((thrown: StreamerError) => {
        if (thrown.code === 'STREAMER_UNAVAILABLE') throw new Error('ECONNREFUSED')
        throw thrown
      })
    ),
  },
  {
    name: 'keeps the connections that nobody answers on',
    breaks: ['silent_broker_leaves_nothing'],
    into: replacing('ask', (_, connector) => async () => {
      const { port } = (connector as unknown as { options: { port: number } }).options
      await once(connect(port, '127.0.0.1'), 'connect')
      throw new StreamerError('STREAMER_UNAVAILABLE', 'No answer.', { retryable: true })
    }),
  },
  {
    name: 'waits for ever for a broker that does not answer',
    breaks: ['silent_broker_leaves_nothing'],
    into: replacing('ask', () => () => new Promise(() => undefined)),
  },
  {
    name: 'works only when attached',
    breaks: ['unattached_connector_works'],
    into(connector) {
      const poll = connector.poll.bind(connector)
      connector.poll = async (topic, id) => {
        if ((connector as unknown as { streamerId: string }).streamerId === '') throw new TypeError('no context')
        return poll(topic, id)
      }
    },
  },
  {
    name: 'is always unwell',
    breaks: ['health_reports', 'health_follows_the_broker'],
    into: replacing('health', () => async () => ({ healthy: false, details: {} })),
  },
  {
    name: 'is always well',
    breaks: ['health_follows_the_broker'],
    into: replacing('health', () => async () => ({ healthy: true, details: {} })),
  },
  {
    name: 'returns never from close',
    breaks: ['close_twice', 'concurrent_close', 'close_while_disconnected_ends'],
    into: replacing('close', () => () => new Promise(() => undefined)),
  },
  {
    name: 'throws at the second close',
    breaks: ['close_twice', 'concurrent_close'],
    into: replacing('close', (close, connector) => () => {
      if ((connector as unknown as { closed: boolean }).closed) return Promise.reject(new Error('closed twice'))
      return close()
    }),
  },
  {
    name: 'cannot close while the broker is away',
    breaks: ['close_while_disconnected_ends'],
    into: replacing('close', (close, connector) => async () => {
      if (!(await connector.health()).healthy) await new Promise(() => undefined)
      return close()
    }),
  },
  {
    name: 'lets a poll wait to its end after close',
    breaks: ['close_ends_waiting_poll'],
    into: (connector) => void ((connector as unknown as { assertOpen(): void }).assertOpen = () => undefined),
  },
  {
    name: 'works on after close',
    breaks: ['use_after_close_rejects_closed'],
    into: replacing('close', () => async () => undefined),
  },
  {
    name: 'drops what is under way when it closes',
    breaks: ['close_keeps_the_word_of_publish'],
    into: (connector) =>
      publishing(async (publish, events, topic) => {
        await publish(events.slice(0, 1), topic)
        await pause(5)
        if (!(connector as unknown as { closed: boolean }).closed) await publish(events.slice(1), topic)
      })(connector),
  },
  {
    name: 'cannot come back',
    breaks: ['reconnects_after_broker_restart', 'health_follows_the_broker'],
    into(connector) {
      const health = connector.health.bind(connector)
      let gone = false
      connector.health = async () => {
        gone ||= !(await health()).healthy
        return { healthy: !gone, details: {} }
      }
      publishing((publish, events, topic) =>
        gone
          ? Promise.reject(new StreamerError('STREAMER_UNAVAILABLE', 'Gone.', { retryable: true }))
          : publish(events, topic).catch((thrown: unknown) => {
              gone = true
              throw thrown
            })
      )(connector)
    },
  },
  {
    name: 'moves the position by a replay',
    position: 'broker',
    breaks: ['replay_moves_no_position'],
    into(connector) {
      const read = connector.read.bind(connector)
      connector.read = async function* (topic, range) {
        for await (const event of read(topic, range)) {
          yield event
          await connector.acknowledge(event.eventId as string, topic)
        }
      }
    },
  },
  {
    name: 'replays without regard to the range',
    breaks: ['replay_by_time', 'replay_by_position'],
    into: replacing('read', (read) => (topic?: string) => read(topic, {})),
  },
]
