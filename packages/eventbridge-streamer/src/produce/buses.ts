import { DescribeEventBusCommand } from '@aws-sdk/client-eventbridge'
import { isStreamerError } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'
import { errorFrom, provideBus } from '../client'
import type { Clients } from '../client'
import type { Route } from '../options'

/** The event buses that are published to. An entry for one that is not there is lost without a word. */
export class Buses {
  private readonly known = new Map<string, Promise<void>>()

  public constructor(private readonly clients: Clients) {}

  /** Looks whether a bus is there, or makes it, once. Who may only publish cannot look, and takes it on trust. */
  public async ensure(route: Route, log?: StreamerLogger): Promise<void> {
    const { eventBus } = route
    const bus = this.known.get(eventBus) ?? this.provide(route, log)
    this.known.set(eventBus, bus)
    await bus.catch((thrown: unknown) => {
      this.known.delete(eventBus)
      throw thrown
    })
  }

  /** Resolves when EventBridge has answered; a refusal is an answer. */
  public async ask(eventBus: string, abortSignal: AbortSignal): Promise<void> {
    try {
      await this.clients.eventBridge.send(new DescribeEventBusCommand({ Name: eventBus }), { abortSignal })
    } catch (thrown) {
      if (!isAccessDenied(thrown)) throw errorFrom(thrown, `event bus ${eventBus}`)
    }
  }

  private async provide(route: Route, log?: StreamerLogger): Promise<void> {
    try {
      await provideBus(this.clients, route)
    } catch (thrown) {
      if (!isStreamerError(thrown, 'STREAMER_FORBIDDEN') || !isAccessDenied(thrown.cause)) throw thrown
      log?.debug(`Publishing to the event bus '${route.eventBus}' without having checked that it exists.`)
    }
  }
}

function isAccessDenied(thrown: unknown): boolean {
  return thrown instanceof Error && /^AccessDenied/.test(thrown.name)
}
