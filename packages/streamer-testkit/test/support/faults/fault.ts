import type { ExternalEvent } from '@boostercloud/streamer-connector'
import type { ServiceParts } from '../../../src/entries/conformance'
import type { LogConnector } from '../log-connector'

/** One fault, and the cases that must see it. */
export interface Fault {
  readonly name: string
  /** Where the fault is one only with this kind of position. Default `receiver`. */
  readonly position?: 'broker' | 'receiver'
  readonly breaks: readonly string[]
  /** A fault of the connector. */
  into?(connector: LogConnector): void
  /** A fault of a service on it. */
  service?(parts: ServiceParts): ServiceParts
}

type Polled = (events: ExternalEvent[], topic?: string, id?: string) => ExternalEvent[] | Promise<ExternalEvent[]>

/** Changes what polls hand out. */
export const polled =
  (change: Polled) =>
  (connector: LogConnector): void => {
    const poll = connector.poll.bind(connector)
    connector.poll = async (topic, id) => change(await poll(topic, id), topic, id)
  }

/** Changes what publish is given, or what comes of it. */
export const publishing =
  (change: (publish: LogConnector['publish'], events: object[], topic?: string) => Promise<void>) =>
  (connector: LogConnector): void => {
    const publish = connector.publish.bind(connector)
    connector.publish = (events, topic) => change(publish, events, topic)
  }

/** Puts something else in a method's place, whatever its types say. */
export const replacing =
  <K extends keyof LogConnector>(name: K, make: (original: LogConnector[K], connector: LogConnector) => unknown) =>
  (connector: LogConnector): void => {
    const original = connector[name]
    const bound = typeof original === 'function' ? (original.bind(connector) as LogConnector[K]) : original
    Object.assign(connector, { [name]: make(bound, connector) })
  }
