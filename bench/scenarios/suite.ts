import type { BrokerName } from '@boostercloud/dev-brokers'
import type { SystemName } from '../systems'

/** A system in a table. */
export interface Entrant {
  readonly system: SystemName
  readonly title: string
  readonly ours: boolean
  /** Whether it is a client by itself: no inbox, and nothing that tries again. */
  readonly isClient?: boolean
}

/** One broker, and what is measured on it. */
export interface Suite {
  readonly name: string
  readonly title: string
  readonly server: BrokerName
  /** The bare client and what of ours stands beside it where publish and poll are measured alone; the bare client first. */
  readonly clients: readonly Entrant[]
  /** Where the whole way is measured; what the others are compared with first. */
  readonly systems: readonly Entrant[]
  /** Those of them that do something about a handler that fails. */
  readonly retrying: readonly Entrant[]
  /** What of the bench's own packages is measured. */
  readonly packages: readonly string[]
  /** What matters for the figures and is said nowhere else. */
  readonly settings: readonly string[]
  /** Whether events are gone once they are acknowledged: then each who reads needs events of its own. */
  readonly isQueue: boolean
  /** Makes a topic, and what keeps its events for a group where that must be there before them. */
  makeTopic(broker: string, topic: string, group: string): Promise<void>
  /** What a topic's messages are like, so that it can be seen whether two clients write as many bytes. */
  shapeOf(broker: string, topic: string, group: string): Promise<string>
  /** The server's version, where it says it. Default: that of what was started. */
  versionOf?(broker: string): Promise<string>
}
