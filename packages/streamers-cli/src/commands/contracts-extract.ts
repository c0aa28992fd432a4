import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import pc from 'picocolors'
import { finish, print, printable } from '../output'
import { extractSchemas, toDocument } from '../schemas'

/** `boost-streamers contracts extract`. */
export function contractsExtractCommand(): Command {
  return new Command('extract')
    .description('write the JSON Schema of every event class in a folder, from its sources; nothing is run')
    .argument('[folder]', "the folder of a service or of a contract's package, with its tsconfig.json", '.')
    .requiredOption('-o, --out <folder>', 'where to: a file for each event')
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers contracts extract --out schemas
  $ boost-streamers contracts extract packages/contracts --out packages/contracts/schemas`
    )
    .action(extract)
}

async function extract(folder: string, { out }: { out: string }): Promise<void> {
  const schemas = extractSchemas(folder)
  await mkdir(out, { recursive: true })
  for (const schema of schemas) {
    const file = join(out, `${schema.event}.json`)
    await writeFile(file, `${JSON.stringify(toDocument(schema), undefined, 2)}\n`)
    await print(`${pc.green('✓')} ${printable(schema.event)} v${schema.version}  ${printable(file)}`)
  }
  if (schemas.length === 0) await print('There is no exported class with an entityID() in this folder.')
  await finish()
}
