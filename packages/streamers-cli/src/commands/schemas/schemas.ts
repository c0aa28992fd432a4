import { relative } from 'node:path'
import { Command } from 'commander'
import pc from 'picocolors'
import { finish, print, printable } from '../../terminal/output'
import { addPostbuild } from '../../app/postbuild-script'

interface SchemasOptions {
  readonly addScript?: boolean
}

/** `boost-streamers schemas`. */
export function schemasCommand(): Command {
  return new Command('schemas')
    .description('write schemas and validators beside the build; they decide which events typed handlers accept')
    .argument('[folder]', "the built folder of a service or of a contract's package, with its tsconfig.json", '.')
    .option('--add-script', 'append this command to the postbuild script in package.json, and write nothing else')
    .addHelpText(
      'after',
      `
It reads the classes that streamed handlers take. If there is no handler, as in a contract's package, it reads all
exported event classes. A service loads the files when it handles the first event of a class. Without them, a typed
handler checks only what Booster's metadata says for certain.

Examples:
  $ boost-streamers schemas
  $ boost-streamers schemas --add-script
  $ boost-streamers schemas packages/contracts`
    )
    .action(write)
}

async function write(folder: string, { addScript = false }: SchemasOptions): Promise<void> {
  if (addScript) {
    const added = await addPostbuild(folder)
    await print(
      added ? `${pc.green('✓')} npm run build writes schemas from now on` : 'npm run build writes schemas already'
    )
    return finish()
  }
  // The compiler is loaded where it is needed: that takes longer than all the rest of the command line.
  const { writeSchemas } = await import('../../validators')
  const written = await writeSchemas(folder)
  for (const { event, version, file } of written) {
    await print(`${pc.green('✓')} ${printable(event)} v${version}  ${printable(relative('.', file))}`)
  }
  if (written.length === 0)
    await print('No streamed handler takes an event class of this folder, and no topic carries one.')
  await finish()
}
