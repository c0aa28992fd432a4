import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@boostercloud/dev-brokers'
import { BoosterApp } from '../../../streamers/test/support/booster-app'
import { NEWER_CORE } from '../support/counting-app'
import type { Answered } from './host'

/** The provider under test: its package, and the variables with which it finds its database. */
export interface ProviderUnderTest {
  readonly providerPackage: string
  readonly env?: Readonly<Record<string, string>>
  /** Whether the core behaves as that of Booster 4. Default false. */
  readonly newerCore?: boolean
}

/** The small app, compiled, and started on a provider in a process of its own. */
export class ProviderProcess {
  private said = ''

  private constructor(
    private readonly app: BoosterApp,
    private readonly child: ChildProcess
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.said = (this.said + chunk.toString('utf8')).slice(-4_000)))
    }
  }

  /** Resolves when the app listens; rejects with what it said instead. */
  public static async start({ providerPackage, env, newerCore }: ProviderUnderTest): Promise<ProviderProcess> {
    const app = await BoosterApp.build(await sources())
    const child = fork(join(__dirname, 'host.ts'), {
      cwd: app.folder,
      execArgv: [...(newerCore ? ['--require', NEWER_CORE] : []), '--require', require.resolve('tsx/cjs')],
      env: { ...process.env, ...(await ports()), BOOSTER_ENV: 'local', PROVIDER_PACKAGE: providerPackage, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const started = new ProviderProcess(app, child)
    try {
      await started.answer()
    } catch (error) {
      await started.stop()
      throw error
    }
    return started
  }

  /** Runs a case inside; answers why it failed, or undefined. */
  public async run(name: string): Promise<string | undefined> {
    const answered = this.answer()
    this.child.send({ run: name })
    return (await answered).failure
  }

  /** Ends the process and removes the app. */
  public async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = new Promise((resolve) => this.child.once('exit', resolve))
      this.child.kill('SIGKILL')
      await exit
    }
    await this.app.remove()
  }

  private async answer(): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const died = (): void => reject(new Error(`The app has ended, and said: ${this.said}`))
      this.child.once('exit', died)
      this.child.once('message', (message) => {
        this.child.off('exit', died)
        resolve(message as Answered)
      })
    })
  }
}

async function sources(): Promise<Record<string, string>> {
  const folder = join(__dirname, 'app', 'src')
  const names = await readdir(folder)
  const texts = names.map(async (name) => [`src/${name}`, await readFile(join(folder, name), 'utf8')])
  return Object.fromEntries(await Promise.all(texts)) as Record<string, string>
}

async function ports(): Promise<Record<string, string>> {
  const [port, socketPort] = [await freePort(), await freePort()]
  return {
    PORT: String(port),
    BOOSTER_INTERNAL_LOCAL_PORT: String(port),
    LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT: String(socketPort),
  }
}
