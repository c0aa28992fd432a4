import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { loadApp } from '../../app/app'
import { buildApp } from '../../app/build'
import { environmentOption, tellPlace } from '../../terminal/environment'
import { finish, print } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'

const PACKAGE = '@boostercloud/streamers-aws/infrastructure'

/** What the app's own copy of the package offers. */
interface Infrastructure {
  synthesize(config: unknown, out: string): Promise<string>
}

interface SynthOptions {
  readonly environment: string
  readonly out: string
  readonly build: boolean
}

/** `boost-streamers synth`. */
export function synthCommand(): Command {
  return new Command('synth')
    .description('write the CloudFormation template that a deployment of the app in the current folder sends to AWS')
    .requiredOption('-o, --out <folder>', 'the folder to write to')
    .addOption(environmentOption())
    .option('--no-build', 'use the existing build')
    .addHelpText(
      'after',
      `
It needs no credentials and no network, and changes nothing in the cloud.

Examples:
  $ boost-streamers synth --out cloudformation
  $ boost-streamers synth --env production --no-build --out cloudformation`
    )
    .action(synth)
}

async function synth({ environment, out, build }: SynthOptions): Promise<void> {
  const folder = process.cwd()
  const told = {
    unit: 'file',
    done: 'written',
    afterwards: 'Nothing was deployed. Run it again: it writes the whole template.',
  }
  const template = await withProgress(told, async (progress) => {
    if (build) {
      progress.at('building the app')
      await buildApp(folder)
    }
    const { config } = loadApp(folder, environment)
    tellPlace(environment)
    progress.at('writing the template')
    return infrastructureOf(folder).synthesize(config, resolve(out))
  })
  await print(`${pc.green('✓')} ${template}`)
  await finish()
}

function infrastructureOf(folder: string): Infrastructure {
  try {
    return createRequire(join(folder, 'dist', 'index.js'))(PACKAGE) as Infrastructure
  } catch (cause) {
    throw new StreamerError('PACKAGE_MISSING', 'The app does not use @boostercloud/streamers-aws.', {
      at: folder,
      hint: 'Install it, and call streamOnAws(config) in the configuration of the environment.',
      cause,
    })
  }
}
