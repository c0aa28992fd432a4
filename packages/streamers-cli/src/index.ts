import { CommanderError } from 'commander'
import { fail } from './terminal/output'
import { program } from './program'

/**
 * Runs the command line; ends the process with 1 where it fails, with the error's message.
 * @internal
 */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', endWithReader)
  try {
    await program().parseAsync([...argv])
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode)
    await fail(error)
  }
}

/** Who reads along has gone, as `head` does: then there is nothing left to do. */
function endWithReader(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
}
