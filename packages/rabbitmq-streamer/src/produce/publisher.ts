import { Renewed, within, PublishTally } from '@boostercloud/streamer-connector'
import type { StreamerError } from '@boostercloud/streamer-connector'
import { closed, errorFrom, made, unavailable } from '../client'
import type { Connection } from '../client'
import type { RabbitMQStreamerSettings, Route } from '../options'
import type { Encoded } from '../wire'
import { PublishingChannel } from './publishing-channel'

/** Sends what several calls publish at once over one channel, in the order of the calls. */
export class Publisher {
  private readonly channels: Renewed<PublishingChannel>
  private readonly underWay = new Set<PublishTally>()
  private turn: Promise<unknown> = Promise.resolve()
  private isClosed = false

  public constructor(
    private readonly connection: Connection,
    private readonly settings: Pick<RabbitMQStreamerSettings, 'maxInFlight' | 'publishTimeoutMs'>
  ) {
    this.channels = new Renewed<PublishingChannel>({
      open: async (lost) => {
        const opening = PublishingChannel.open(await connection.get(), settings.maxInFlight, lost)
        return made(opening, (channel) => channel.close())
      },
      close: (channel) => channel.close(),
      closed,
    })
    connection.on('open', () => this.channels.hurry())
    connection.on('unblocked', () => this.channels.current?.lookAgain())
  }

  /** Why nothing can be sent, where something was wanted. */
  public get failure(): unknown {
    return this.channels.failure
  }

  /** Sends what is being encoded when it is its turn. Resolves when the server has confirmed all of it. */
  public async publish(encoding: Promise<readonly Encoded[]>, route: Route): Promise<void> {
    const before = this.turn
    let next: () => void = () => undefined
    this.turn = new Promise<void>((resolve) => (next = resolve))
    try {
      await this.publishAfter(before, await encoding, route, next)
    } finally {
      void before.then(next)
    }
  }

  /** Lets what is under way come to its end, as long as the server confirms; ends all waiting. */
  public async close(graceMs: number): Promise<void> {
    this.isClosed = true
    if (!this.connection.isOpen) this.failAll()
    const finished = Promise.all([...this.underWay].map((batch) => batch.finished))
    await within(graceMs, finished, () => this.failAll())
    await this.channels.stop()
  }

  private async publishAfter(
    before: Promise<unknown>,
    messages: readonly Encoded[],
    route: Route,
    sent: () => void
  ): Promise<void> {
    if (messages.length === 0) return
    const { publishTimeoutMs } = this.settings
    const batch = new PublishTally(messages.length, route.topic)
    this.underWay.add(batch)
    const sending = before.then(() => this.send(batch, messages, route))
    sending.catch((thrown: unknown) => batch.fail(errorFrom(thrown, route.topic))).finally(sent)
    await within(publishTimeoutMs, batch.finished, () => batch.fail(this.late(route)))
    this.underWay.delete(batch)
    await batch.result()
  }

  private async send(batch: PublishTally, messages: readonly Encoded[], route: Route): Promise<void> {
    if (this.isClosed && !this.connection.isOpen) throw closed(route.topic)
    await this.connection.get()
    const channel = await this.channels.get()
    await channel.prepare(route)
    for (let index = 0; index < messages.length; index += 1) {
      while (!this.hasRoom(channel) && !batch.isOver) await Promise.race([channel.room(), batch.finished])
      if (batch.isOver) return
      channel.send(messages[index], route, (error) => batch.settle(index, error))
    }
  }

  /** What a blocked server is sent it takes later, and then the same events as often as they were sent again. */
  private hasRoom(channel: PublishingChannel): boolean {
    return channel.hasRoom && this.connection.blocked === undefined
  }

  private failAll(): void {
    for (const batch of this.underWay) batch.fail(closed('publish'))
  }

  private late({ topic }: Route): StreamerError {
    const { blocked } = this.connection
    const ms = this.settings.publishTimeoutMs
    if (blocked === undefined) return unavailable(`no confirm within ${ms} ms`, topic)
    return unavailable(`the server has accepted no messages for ${ms} ms (${blocked})`, topic)
  }
}
