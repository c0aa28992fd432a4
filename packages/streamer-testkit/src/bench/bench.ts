import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAttachable, isClosable } from '@boostercloud/streamer-connector'
import type {
  StreamerConnector,
  StreamerConnectorPublishInterface,
  StreamerContext,
  StreamerCapabilities,
} from '@boostercloud/streamer-connector'
import type { ConnectorUnderTest, CreateOverrides } from '../harness/connector-under-test'
import { capabilitiesOf } from '../harness/needs'
import type { OpenConnector } from './open-connector'
import type { ConformanceOptions } from '../harness/options'
import { Reader } from './reader'
import { within } from './within'

/** What one run of one case works with: connectors that it need not close, a topic of its own, and the limits. */
export class Bench {
  /** The capabilities that the connector declares; none where it declares nothing. */
  public readonly capabilities: Partial<StreamerCapabilities>
  public readonly limitMs: number
  public readonly maxBatchEvents: number
  /** The service that connectors serve unless told otherwise: new for each run. */
  public readonly appName = `conformance-${randomUUID().slice(0, 8)}`
  private readonly opened = new Set<StreamerConnector>()
  private readonly appNames = new WeakMap<object, string>()
  private readonly endings: (() => void | Promise<void>)[] = []
  private readonly lastEndings: (() => void | Promise<void>)[] = []

  public constructor(
    public readonly harness: ConnectorUnderTest,
    public readonly options: ConformanceOptions
  ) {
    this.capabilities = capabilitiesOf(harness.create(this.overrides()))
    this.limitMs = options.limitMs ?? 60_000
    this.maxBatchEvents = options.maxBatchEvents ?? 1_000
  }

  /** A fresh connector, told which service it serves. */
  public open(overrides: Partial<CreateOverrides> = {}): OpenConnector {
    const connector = this.unattached(overrides)
    if (isAttachable(connector)) connector.attach(this.context(overrides))
    return connector
  }

  /** A fresh connector that nobody has told anything. */
  public unattached(overrides: Partial<CreateOverrides> = {}): OpenConnector {
    const complete = this.overrides(overrides)
    const connector = this.harness.create(complete) as OpenConnector
    this.appNames.set(connector, complete.appName)
    this.adopt(connector as StreamerConnector)
    return connector
  }

  /** A fresh topic. */
  public async topic(): Promise<string> {
    return this.harness.topic()
  }

  /** Has a connector that the harness made closed at the end. */
  public adopt(connector: StreamerConnector): void {
    this.opened.add(connector)
  }

  /** A reader whose service is known to the broker: what is published from now on reaches it, also where nothing old would. */
  public async reader(topic: string, overrides: Partial<CreateOverrides> = {}): Promise<Reader> {
    const reader = new Reader(this.open(overrides), topic, this.limitMs)
    if (!this.capabilities.replay) await reader.poll()
    return reader
  }

  /** Closes a reader, and opens another one of the same service that goes on after what the former has settled. */
  public async successor(reader: Reader, settled = reader.last): Promise<Reader> {
    await this.close(reader.connector)
    const connector = this.open({ appName: this.appNames.get(reader.connector) })
    return new Reader(
      connector,
      reader.topic,
      this.limitMs,
      this.capabilities.position === 'broker' ? undefined : settled
    )
  }

  /** Closes a connector, where it has anything to close. */
  public async close(connector: OpenConnector): Promise<void> {
    if (isClosable(connector)) await within(this.limitMs, connector.close(), 'close()')
  }

  /** `publish`, within the limit. */
  public async publish(
    connector: StreamerConnectorPublishInterface,
    events: readonly object[],
    topic: string
  ): Promise<void> {
    const plain = events as Parameters<typeof connector.publish>[0]
    await within(this.limitMs, connector.publish(plain, topic), 'publish()')
  }

  /** What `create` is asked for when a case asks for nothing else: short waiting, and the service of this run. */
  public overrides(overrides: Partial<CreateOverrides> = {}): CreateOverrides {
    return {
      appName: overrides.appName ?? this.appName,
      environment: overrides.environment ?? 'test',
      pollWaitMs: overrides.pollWaitMs ?? 100,
    }
  }

  /** What an attachable connector is told. */
  public context(overrides: Partial<CreateOverrides> = {}): StreamerContext {
    const { appName, environment } = this.overrides(overrides)
    return { streamerId: 'under-test', appName, environment }
  }

  /** A folder that is gone when the case is over. */
  public async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'conformance-'))
    this.atLast(() => rm(folder, { recursive: true, force: true }))
    return folder
  }

  /** Has something done when the case is over, at once with everything else of this kind, before connectors are closed. */
  public atEnd(work: () => void | Promise<void>): void {
    this.endings.push(work)
  }

  /** Has something done when connectors are closed; what was said last comes first. */
  public atLast(work: () => void | Promise<void>): void {
    this.lastEndings.unshift(work)
  }

  /** Ends and closes everything; rejects with the first that failed or took too long. */
  public async closeAll(): Promise<void> {
    const results = await Promise.allSettled(this.endings.map(async (work) => work()))
    const opened = [...this.opened] as OpenConnector[]
    results.push(...(await Promise.allSettled(opened.map((connector) => this.close(connector)))))
    for (const work of this.lastEndings) results.push(...(await Promise.allSettled([work()])))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }
}
