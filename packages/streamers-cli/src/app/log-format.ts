import { Option } from 'commander'
import type { AppConfig } from './app'
import type { Streamers } from './operated-app'

/** How lines are logged. */
export type LogFormat = 'text' | 'json'

/** The option `--log-format`. Default: as the app's options say. */
export function logFormatOption(): Option {
  return new Option(
    '--log-format <format>',
    "the format of log lines; default: the app's config.streaming.logFormat"
  ).choices(['text', 'json'])
}

/** Has an app that is loaded and not started log so, with what Booster itself logs. */
export function logAs(config: AppConfig, format: LogFormat | undefined, streamersOf: () => Streamers): void {
  if (format === undefined) return
  const changed: { streaming: object; logger?: object } = { streaming: { ...config.streaming, logFormat: format } }
  if (format === 'json') {
    const log = streamersOf().jsonLog({ service: config.appName, environment: config.environmentName })
    // Booster puts a prefix of its own before each message.
    const after =
      (write: (message: string, ...details: unknown[]) => void) =>
      (_prefix: unknown, message: unknown, ...details: unknown[]): void =>
        write(String(message), ...details)
    changed.logger = { debug: after(log.debug), info: after(log.info), warn: after(log.warn), error: after(log.error) }
  }
  Object.assign(config, changed)
}
