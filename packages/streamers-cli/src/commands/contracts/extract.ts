import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import pc from 'picocolors'
import { finish, print, printable } from '../../terminal/output'

interface ExtractOptions {
  readonly out: string
  readonly format: 'json' | 'avro'
  readonly namespace?: string
}

/** `boost-streamers contracts extract`. */
export function contractsExtractCommand(): Command {
  return new Command('extract')
    .description('write the schema of every event class in a folder, from its sources; nothing is run')
    .argument('[folder]', "the folder of a service or of a contract's package, with its tsconfig.json", '.')
    .requiredOption('-o, --out <folder>', 'the folder to write to, with a file for each event')
    .addOption(
      new Option('-f, --format <format>', 'JSON Schema, or an Avro record').choices(['json', 'avro']).default('json')
    )
    .option('--namespace <name>', 'the namespace of Avro records, such as com.acme')
    .addHelpText(
      'after',
      `
Examples:
  $ boost-streamers contracts extract --out schemas
  $ boost-streamers contracts extract packages/contracts --out packages/contracts/schemas
  $ boost-streamers contracts extract --format avro --namespace com.acme --out schemas`
    )
    .action(extract)
}

async function extract(folder: string, { out, format, namespace }: ExtractOptions): Promise<void> {
  // The compiler is loaded where it is needed: that takes longer than all the rest of the command line.
  const { avroOf, extractSchemas, toDocument } = await import('../../schemas')
  const schemas = extractSchemas(folder)
  await mkdir(out, { recursive: true })
  for (const schema of schemas) {
    const file = join(out, `${schema.event}.${format === 'avro' ? 'avsc' : 'json'}`)
    const document = format === 'avro' ? avroOf(schema, namespace) : toDocument(schema)
    await writeFile(file, `${JSON.stringify(document, undefined, 2)}\n`)
    const { event, type = event, version } = schema
    const name = type === event ? event : `${event} (${type})`
    await print(`${pc.green('✓')} ${printable(name)} v${version}  ${printable(file)}`)
  }
  if (schemas.length === 0) await print('There is no exported class with an entityID() in this folder.')
  await finish()
}
