import { StreamerError } from '@boostercloud/streamer-connector'

/**
 * How a service shows how it is.
 * @public
 */
export interface ObserveOptions {
  /**
   * Serves `/health` (JSON; status 503 if something is wrong), `/live` (status 200 while the process runs) and `/metrics` (Prometheus). Port 0 is any free one; the log names it. `host`: the
   * address it listens at, default 127.0.0.1, which only this machine reaches; 0.0.0.0 for probes in a cluster. Everybody who can reach it can read it: it
   * shows the names of streamers, addresses, handlers and types, counts, ages and error codes, and no payload, key or id. Needs `@opentelemetry/sdk-metrics` and `@opentelemetry/exporter-prometheus`. Default: nothing is served.
   */
  readonly http?: { readonly port: number; readonly host?: string }
  /**
   * What streaming is to Booster's own health (`/sensor/health`). `counts`: its component is down where a link, a relay or a streamer is not
   * healthy; Booster then answers 503, from its version 3.2 on. `shows`: the component is always up, and its details say how streaming is; for
   * probes that restart what answers 503, as a broker that is away is not fixed by a restart. Default `counts`.
   */
  readonly sensor?: 'counts' | 'shows'
  /**
   * How long events may wait without one of them being settled or published, in milliseconds, before their link or relay counts as stalled.
   * Must exceed the longest run of a handler. Default 120,000.
   */
  readonly stallMs?: number
}

/** Rejects with `OPTION_INVALID` what cannot work. */
export function checkObserveOptions({ http, sensor = 'counts', stallMs }: ObserveOptions): void {
  if (sensor !== 'counts' && sensor !== 'shows') throw invalid('sensor', "it must be 'counts' or 'shows'")
  if (http !== undefined) checkHttp(http)
  if (stallMs !== undefined && !(stallMs > 0)) throw invalid('stallMs', 'it must be a number of milliseconds above 0')
}

function checkHttp({ port, host }: NonNullable<ObserveOptions['http']>): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalid('http.port', 'it must be a whole number from 0 to 65535')
  }
  if (host !== undefined && (typeof host !== 'string' || host === '')) {
    throw invalid('http.host', 'it must be an address of this machine')
  }
}

function invalid(option: string, why: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `The option ${option} is wrong: ${why}.`, {
    at: 'config.streaming.observe',
    hint: 'Fix the option.',
  })
}
