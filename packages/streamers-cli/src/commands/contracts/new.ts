import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { newContract } from '../../contracts/new-package'
import { finish, print, printable } from '../../terminal/output'
import { ownVersion } from '../../own-version'

/** The oldest version of Booster that this works with, which any newer one of a service satisfies. */
const OLDEST_BOOSTER = '2.10.1'

interface NewOptions {
  readonly out?: string
  readonly event: string
  readonly address: string
}

/** `boost-streamers contracts new`. */
export function contractsNewCommand(): Command {
  return new Command('new')
    .description(
      'create the package of a contract that services share: an event, what topics carry, a test and a README'
    )
    .argument('<name>', "the package's name, such as @acme/orders-contract")
    .option('-o, --out <folder>', "the folder to write to; by default named like the package, without '@acme/'")
    .option('--event <name>', "the first event's class", 'OrderPlaced')
    .option('--address <address>', 'the topic that carries it', 'main/orders')
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers contracts new @acme/orders-contract
  $ boost-streamers contracts new @acme/billing --event InvoicePaid --address main-kafka/invoices --out packages/billing`
    )
    .action(make)
}

async function make(name: string, { out, event, address }: NewOptions): Promise<void> {
  const files = newContract({ name, event, address }, { streamers: ownVersion(), booster: boosterAround() })
  const folder = out ?? name.slice(name.indexOf('/') + 1)
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new StreamerError('OPTION_INVALID', 'The folder is not empty.', {
      at: folder,
      hint: 'Name another one with --out.',
    })
  }
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: 'wx' })
    await print(`${pc.green('✓')} ${printable(path)}`)
  }
  await print(`\nNow: cd ${printable(folder)} && npm install && npm test`)
  await finish()
}

/** The version of Booster that is installed where the contract is made; where there is none, the oldest. */
function boosterAround(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', '@boostercloud', 'framework-types', 'package.json')
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
    if (folder === dirname(folder)) return OLDEST_BOOSTER
  }
}
