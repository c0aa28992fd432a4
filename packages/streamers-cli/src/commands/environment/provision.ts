import { isClosable } from '@boostercloud/streamer-connector'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import { Command } from 'commander'
import pc from 'picocolors'
import { environmentOption, tellPlace } from '../../terminal/environment'
import { operatedApp } from '../../app/operated-app'
import { finish, print, printable } from '../../terminal/output'
import { provisionTopics } from '../../app/provision'

const quiet = (): void => undefined
const QUIET = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/** `boost-streamers provision`. */
export function provisionCommand(): Command {
  return new Command('provision')
    .description("create the topics, streams and queues of the app's addresses that are missing at its brokers")
    .addOption(environmentOption())
    .addHelpText(
      'after',
      `
It uses the options of the app's streamers, and changes nothing that exists. It can run before each deployment, and while services run.

Examples:
  $ boost-streamers provision
  $ boost-streamers provision --env production`
    )
    .action(provision)
}

async function provision({ environment }: { readonly environment: string }): Promise<void> {
  const { config, streamers } = operatedApp(environment)
  tellPlace(environment)
  const connectors: Readonly<Record<string, StreamerConnector>> = config.streamers ?? {}
  const service = { appName: config.appName, environment, logger: QUIET }
  try {
    const made = await provisionTopics(
      { streamers: connectors, service },
      streamers.linksOf(config),
      streamers.publicationsOf(config)
    )
    for (const address of made) await print(`${pc.green('✓')} ${printable(address)}`)
    if (made.length === 0) await print('There is nothing to create: no address has a streamer that creates topics.')
  } finally {
    for (const connector of Object.values(connectors)) if (isClosable(connector)) await connector.close()
  }
  await finish()
}
