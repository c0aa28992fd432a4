import { isAttachable, isLagReporting, parseAddress } from '@boostercloud/streamer-connector'
import type { StreamerConnector, StreamerLogger } from '@boostercloud/streamer-connector'
import type { LinkState } from './link-states'
import type { OpenApp } from '../app/operated-app'

/** Milliseconds that a broker may take to say how much it has. */
const ASKED_FOR_MS = 5_000

const quiet = (): void => undefined
const SILENT: StreamerLogger = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const attached = new WeakSet<object>()

/** The same links with their lags, as the brokers say them. A broker that does not answer within seconds says nothing. */
export async function withLag(app: OpenApp, links: readonly LinkState[]): Promise<LinkState[]> {
  const asked = new Map<string, Promise<number | undefined>>()
  return Promise.all(
    links.map(async (link) => {
      const name = JSON.stringify([link.address, link.position ?? null])
      const lag = asked.get(name) ?? lagOf(app, link)
      asked.set(name, lag)
      return { ...link, lag: await lag }
    })
  )
}

async function lagOf({ config }: OpenApp, { address, position, gone }: LinkState): Promise<number | undefined> {
  const { streamerId, topic } = parseAddress(address)
  const { streamers = {}, appName, environmentName: environment } = config
  const connector: StreamerConnector | undefined = Object.hasOwn(streamers, streamerId)
    ? streamers[streamerId]
    : undefined
  if (gone || !isLagReporting(connector)) return undefined
  if (isAttachable(connector) && !attached.has(connector)) {
    connector.attach({ streamerId, appName, environment, logger: SILENT })
    attached.add(connector)
  }
  return answerOf(connector.lag(topic, position))
}

async function answerOf(lag: Promise<number | undefined>): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ASKED_FOR_MS)))
  try {
    return await Promise.race([lag, late])
  } catch {
    // The broker is away, or refuses: its own health and the service's log say why.
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
