import { isStreamerError } from '@boostercloud/streamer-connector'
import type { RecorderStatus, StreamerLogger } from '@boostercloud/streamer-connector'
import type { OpenApp } from '../app/operated-app'

/** What the lake of a service has, read from the lake. */
export interface LakeStatus extends RecorderStatus {
  readonly place: string
  /** The code of the error with which the lake cannot be read. */
  readonly problem?: string
}

const quiet = (): void => undefined
const SILENT: StreamerLogger = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/** Undefined where the service records nothing itself. Never rejects for a lake that cannot be read. */
export async function lakeStatus({ config, streamers }: OpenApp): Promise<LakeStatus | undefined> {
  const lake = config.streaming?.lake
  if (lake === undefined) return undefined
  const all = [...streamers.linksOf(config), ...streamers.publicationsOf(config)]
  const service = {
    appName: config.appName,
    environment: config.environmentName,
    streamers: config.streamers ?? {},
    addresses: [...new Set(all.map(({ address }) => address))].sort(),
    logger: SILENT,
  }
  try {
    return { place: lake.place, ...(await lake.status(service)) }
  } catch (error) {
    return { place: lake.place, problem: isStreamerError(error) ? error.code : 'FAILED', events: 0, addresses: [] }
  }
}
