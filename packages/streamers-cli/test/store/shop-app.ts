import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { BoosterApp } from '../../../streamers/test/support/booster-app'
import { eventually } from '../../../streamers/test/support/eventually'
import { Command } from '../support/command'

const LISTENS = /http:\/\/127\.0\.0\.1:(\d+)\/graphql/

/** The app in the folder `app`, compiled. */
export async function buildShop(): Promise<BoosterApp> {
  const folder = join(__dirname, 'app', 'src')
  const files = (await readdir(folder)).map(async (name) => [`src/${name}`, await readFile(join(folder, name), 'utf8')])
  return BoosterApp.build(Object.fromEntries(await Promise.all(files)) as Record<string, string>)
}

/** The app while it runs. */
export class RunningShop {
  private constructor(
    private readonly command: Command,
    private readonly port: number
  ) {}

  /** Runs work with it, and stops it as an operator does. */
  public static async during(
    folder: string,
    { environment = 'local', env = {} }: { environment?: string; env?: Readonly<Record<string, string>> },
    work: (shop: RunningShop) => Promise<void>
  ): Promise<void> {
    const command = new Command(['start', '--port', '0', '--no-build', '-e', environment], { cwd: folder, env })
    try {
      await command.says(LISTENS, 120_000)
      await work(new RunningShop(command, Number(LISTENS.exec(command.out)?.[1])))
    } finally {
      await command.end('SIGTERM')
    }
  }

  /** Places an order, and waits until its total is shown. */
  public async order(id: string, price: number, total: number): Promise<void> {
    await this.ask(`mutation { PlaceOrder(input: { orderId: "${id}", city: "Arles", price: ${price} }) }`)
    await eventually(
      async () => (await this.total(id)) === total,
      async () => ({ total: await this.total(id), said: this.command.err.slice(-1_000) }),
      30_000
    )
  }

  public async total(id: string): Promise<number | undefined> {
    interface Answer {
      OrderView?: { total: number }
    }
    return (await this.ask<Answer>(`{ OrderView(id: "${id}") { total } }`)).OrderView?.total
  }

  private async ask<T>(query: string): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const { data, errors } = (await response.json()) as { data: T; errors?: { message: string }[] }
    if (errors) throw new Error(errors[0]?.message)
    return data
  }
}
