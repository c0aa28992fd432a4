import { freePort } from '../../packages/streamers-cli/src/free-port'
import { inAppFolder } from '../booster/app'
import { Remote } from '../workers/remote'
import type { StoreContender } from './contenders'
import type { ServiceMethods } from './service'

/** The app, started on an empty store. */
export interface StartedApp {
  readonly service: Remote<ServiceMethods>
  /** Where its GraphQL is. */
  readonly url: string
}

/** Starts the app on an empty store, and ends it when the work is done. */
export async function withApp<T>(contender: StoreContender, work: (app: StartedApp) => Promise<T>): Promise<T> {
  const env = {
    BOOSTER_ENV: 'bench',
    PROVIDER_PACKAGE: contender.providerPackage,
    LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT: String(await freePort()),
    ...(await contender.emptyDatabase()),
  }
  return inAppFolder('store', async (cwd) => {
    const service = Remote.start<ServiceMethods>('../store/service', [], { cwd, env })
    try {
      const port = await freePort()
      await service.call('open', port)
      return await work({ service, url: `http://127.0.0.1:${port}/graphql` })
    } finally {
      await service.end()
    }
  })
}
