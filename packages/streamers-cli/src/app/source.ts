import { existsSync } from 'node:fs'
import { LocalStreamer } from '@boostercloud/local-streamer'
import {
  StreamerError,
  didYouMean,
  isAttachable,
  isClosable,
  isDeclaring,
  parseAddress,
} from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import { loadApp } from './app'
import { tellPlace } from '../terminal/environment'
import { printableLines } from '../terminal/output'

/** What tells where an address is. */
export interface SourceOptions {
  /** The folder of an embedded log; then no app is needed. */
  readonly local?: string
  readonly environment: string
  /** The app's folder; by default the current one. */
  readonly app?: string
}

/** A connector of this command's own, at an address. */
export interface Source {
  readonly address: string
  readonly connector: StreamerConnector
  readonly topic?: string
  close(): Promise<void>
}

const quiet = (): void => undefined
const tell = (message: string): void => void process.stderr.write(`${printableLines(message)}\n`)
const LOG: StreamerLogger = {
  debug: quiet,
  info: quiet,
  warn: tell,
  error: tell,
}

/**
 * The connector that an address names: of the log in `--local`, where the address may also be a topic alone, else of the app in the
 * current folder. It is attached under a name of its own, so that nobody's position is moved.
 */
export function sourceAt(address: string, { local, environment, app = process.cwd() }: SourceOptions): Source {
  if (local !== undefined) {
    if (!existsSync(local)) tell(`There is no log at ${local} yet; an empty one is made.`)
    const topic = address.includes('/') ? parseAddress(address).topic : address
    return opened(address, LocalStreamer.with({ path: local }), topic, environment)
  }
  const { streamerId, topic } = parseAddress(address)
  const streamers = loadApp(app, environment).config.streamers ?? {}
  tellPlace(environment)
  const connector = Object.hasOwn(streamers, streamerId) ? streamers[streamerId] : undefined
  if (!connector) {
    throw new StreamerError('STREAMER_UNKNOWN', `The app has no streamer '${streamerId}'.`, {
      at: address,
      hint: `${didYouMean(streamerId, Object.keys(streamers))}config.streamers has ${
        Object.keys(streamers)
          .map((id) => `'${id}'`)
          .join(', ') || 'none'
      }.`,
    })
  }
  return opened(address, connector, topic, environment, streamerId)
}

function opened(
  address: string,
  connector: StreamerConnector,
  topic: string | undefined,
  environment: string,
  streamerId = 'local'
): Source {
  if (isAttachable(connector)) connector.attach({ streamerId, appName: 'boost-streamers', environment, logger: LOG })
  const resolved = topic ?? (isDeclaring(connector) ? connector.capabilities.defaultTopic : undefined)
  return {
    address,
    connector,
    topic: resolved,
    close: async () => {
      if (isClosable(connector)) await connector.close()
    },
  }
}
