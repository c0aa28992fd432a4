import type { BoosterConfig, ProviderLibrary, RocketDescriptor } from '@boostercloud/framework-types'
import { guardListeners } from './listeners'
import { optionsOf } from './options'

/** Booster's local provider, of which HTTP, websockets, rockets and the forms of requests are used; its storage is not. */
export class LocalProvider {
  private made?: ProviderLibrary

  public constructor(private readonly rockets: RocketDescriptor[] | undefined) {}

  /** Whether it runs in this process. */
  public get isMade(): boolean {
    return this.made !== undefined
  }

  /** Makes it, which listens for websockets, at the first call; without the options of an app it answers its own names and pages only. */
  public get(config?: BoosterConfig): ProviderLibrary {
    this.made ??= guardListeners(config ? optionsOf(config).http : {}, () => this.make())
    return this.made
  }

  /** Has it listen for HTTP; its servers answer whom the options allow. */
  public async start(config: BoosterConfig, port: number): Promise<void> {
    const infrastructure = this.get(config).infrastructure()
    await guardListeners(optionsOf(config).http, () => infrastructure.start?.(config, port))
  }

  /** Gives a message to a websocket of this process. Rejects where it has none of that id. */
  public async send(config: BoosterConfig, connectionId: string, data: unknown): Promise<void> {
    if (!this.made) throw new Error('This process does not accept websockets.')
    await this.made.connections.sendMessage(config, connectionId, data)
  }

  private make(): ProviderLibrary {
    // Loading it loads the app, which may not be done before the app has been loaded.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { Provider } = require('@boostercloud/framework-provider-local') as {
      Provider: (rockets?: RocketDescriptor[]) => ProviderLibrary
    }
    return Provider(this.rockets)
  }
}
