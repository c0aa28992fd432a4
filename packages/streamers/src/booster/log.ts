import { getLogger } from '@boostercloud/framework-common-helpers'
import { Level } from '@boostercloud/framework-types'
import type { BoosterConfig } from '@boostercloud/framework-types'
import { isStreamerError, jsonText } from '@boostercloud/streamer-connector'
import type { StreamerLogger } from '@boostercloud/streamer-connector'

type LevelName = keyof StreamerLogger

/** What each line has beside its message and its fields. */
interface Lines {
  readonly service: string
  readonly environment: string
}

/** The log of an app's streams, in the format that its options name. */
export function streamsLog(config: BoosterConfig): StreamerLogger {
  const { appName: service, environmentName: environment, logLevel } = config
  if (config.streaming?.logFormat !== 'json') return getLogger(config, 'streamers')
  return jsonLog({ service, environment }, logLevel)
}

/**
 * A log that writes a JSON object a line, warnings and errors to standard error and all else to standard output: `time` (RFC 3339), `level`, `service`, `environment`, `message`, the fields of the line, and
 * `error` with name, message, code and stack. Levels below `least` are left out.
 * @internal
 */
export function jsonLog(lines: Lines, least: Level = Level.debug): StreamerLogger {
  const at = (name: LevelName): StreamerLogger[LevelName] => {
    if (Level[name] < least) return () => undefined
    const out = name === 'warn' || name === 'error' ? process.stderr : process.stdout
    return (message, ...details) => void out.write(`${jsonLine(name, lines, message, details)}\n`)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function jsonLine(level: LevelName, lines: Lines, message: string, details: readonly unknown[]): string {
  const error = details.find((one): one is Error => one instanceof Error)
  const fields: object[] = details.filter(
    (one): one is object => typeof one === 'object' && one !== null && one !== error
  )
  const line = { time: new Date().toISOString(), level, ...lines, message, ...(Object.assign({}, ...fields) as object) }
  return jsonText(error === undefined ? line : { ...line, error: told(error) })
}

function told(error: Error): object {
  const { name, message, stack } = error
  return { name, message, stack, ...(isStreamerError(error) ? { code: error.code } : {}) }
}
