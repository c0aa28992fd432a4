import { execFile } from 'node:child_process'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../../packages/streamers-cli/src/free-port'
import { inFolder } from '../scenarios/place'
import { Remote } from '../workers/remote'
import type { StoreContender } from './contenders'
import type { ServiceMethods } from './service'

const ROOT = join(__dirname, '..', '..')
const CACHE = join(ROOT, '.cache', 'bench', 'store')

/** Compiles the app as Booster's own tooling does. Rejects with the compiler's words. */
export async function buildApp(): Promise<void> {
  const tspc = join(ROOT, 'node_modules', 'ts-patch', 'bin', 'tspc.js')
  await promisify(execFile)(process.execPath, [tspc, '-p', join(__dirname, 'app')]).catch(
    (error: { stdout?: string; message: string }) => {
      throw new Error(error.stdout ?? error.message)
    }
  )
}

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
  return inFolder(
    async (folder) => {
      await cp(join(CACHE, 'build'), join(folder, 'dist'), { recursive: true })
      await writeFile(join(folder, 'package.json'), '{"name":"counters","version":"0.0.0"}')
      const service = Remote.start<ServiceMethods>('../store/service', [], { cwd: folder, env })
      try {
        const port = await freePort()
        await service.call('open', port)
        return await work({ service, url: `http://127.0.0.1:${port}/graphql` })
      } finally {
        await service.end()
      }
    },
    // Below the repository, so that the app finds the packages that stand at its root.
    await made(join(CACHE, 'runs'))
  )
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  return folder
}
