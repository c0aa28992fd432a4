import { relative } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { Command, Option } from 'commander'
import pc from 'picocolors'
import { toCount } from '../../terminal/arguments'
import { eventFiles } from '../../contracts/event-file'
import type { LongType } from '../../contracts/type-text'
import { changesIn, writeChanges } from '../../contracts/write-files'
import type { FileChange } from '../../contracts/write-files'
import { finish, print, printable } from '../../terminal/output'
import { registryOptions } from '../../registry'

interface PullOptions {
  readonly registry: string
  readonly subject: string
  readonly schemaVersion?: number
  readonly out: string
  readonly entityId?: string
  readonly long: LongType
  readonly ca?: string
  readonly check?: boolean
}

/** `boost-streamers contracts pull`. */
export function contractsPullCommand(): Command {
  return new Command('pull')
    .description('write event classes from the schema of a subject in a schema registry: Avro, JSON Schema or Protobuf')
    .requiredOption('-r, --registry <url>', "the registry's URL, with the path of its API")
    .requiredOption('-s, --subject <name>', 'the subject; for a topic it is usually <topic>-value')
    .requiredOption('-o, --out <folder>', 'the folder to write to, with a file for each class')
    .option('-i, --entity-id <field>', 'the field that identifies the entity; entityID() returns it')
    .option('--schema-version <number>', 'a version of the subject; by default the newest', toCount)
    .addOption(
      new Option(
        '--long <type>',
        'the type of 64-bit integers; with number, an event with a value beyond 2^53 does not fit'
      )
        .choices(['number', 'bigint'])
        .default('number')
    )
    .option('--ca <file>', "a PEM file with the certificates of the authority that signed the registry's certificate")
    .option('--check', 'write nothing, and exit with 1 if something would be written')
    .addHelpText(
      'after',
      `
Credentials come from SCHEMA_REGISTRY_TOKEN, or from SCHEMA_REGISTRY_USER and SCHEMA_REGISTRY_PASSWORD. The same schema
gives the same file, byte by byte; a changed one changes the class, and what no longer fits it fails to compile.

Examples:
  $ boost-streamers contracts pull --registry http://127.0.0.1:8081 --subject posts-value --out src/contracts --entity-id postId
  $ boost-streamers contracts pull --registry http://127.0.0.1:8081 --subject posts-value --out src/contracts --entity-id postId --check`
    )
    .action(pull)
}

async function pull(options: PullOptions): Promise<void> {
  const { subject, out, check = false } = options
  const { pullSchema } = await import('@boostercloud/schema-registry-codec')
  const pulled = await pullSchema(registryOptions(options.registry, options.ca), subject, options.schemaVersion)
  const changes = await changesIn(out, eventFiles(pulled, options))
  if (!check) await writeChanges(out, changes)
  for (const change of changes) await print(lineOf(change, check))
  const outdated = changes.filter(({ change }) => change !== 'unchanged')
  if (check && outdated.length > 0) throw notCurrent(outdated.length, subject)
  await finish()
}

function lineOf({ file, path, change }: FileChange, isCheck: boolean): string {
  const done = isCheck && change !== 'unchanged' ? `would be ${change}` : change
  const mark = change === 'unchanged' ? pc.dim('=') : pc.green('✓')
  return `${mark} ${printable(relative('.', path))}: ${file.className}, ${done}`
}

function notCurrent(count: number, at: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `${count === 1 ? '1 class' : `${count} classes`} would change.`, {
    at,
    hint: 'Pull again without --check, and see what no longer compiles.',
  })
}
