import { execFile } from 'node:child_process'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { inFolder } from '../scenarios/place'

const ROOT = join(__dirname, '..', '..')
const CACHE = join(ROOT, '.cache', 'bench')

/** The suite whose app it is: its sources are in `app` there. */
export type AppName = 'store' | 'sweep' | 'drain'

/** Compiles an app as Booster's own tooling does. Rejects with the compiler's words. */
export async function buildApp(name: AppName): Promise<void> {
  const tspc = join(ROOT, 'node_modules', 'ts-patch', 'bin', 'tspc.js')
  await promisify(execFile)(process.execPath, [tspc, '-p', join(ROOT, 'bench', name, 'app')]).catch(
    (error: { stdout?: string; message: string }) => {
      throw new Error(error.stdout ?? error.message)
    }
  )
}

/** Works in a folder with an app that was built, and without any state. */
export async function inAppFolder<T>(name: AppName, work: (folder: string) => Promise<T>): Promise<T> {
  // Below the repository, so that the app finds the packages that stand at its root.
  const runs = join(CACHE, name, 'runs')
  await mkdir(runs, { recursive: true })
  return inFolder(async (folder) => {
    await cp(join(CACHE, name, 'build'), join(folder, 'dist'), { recursive: true })
    await writeFile(join(folder, 'package.json'), `{"name":"${name}","version":"0.0.0"}`)
    return work(folder)
  }, runs)
}
