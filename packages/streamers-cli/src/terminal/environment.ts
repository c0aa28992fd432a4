import { Option } from 'commander'
import { printable } from './output'

const DEFAULT = 'local'

/** An option whose value is Booster's environment, however it is written. */
class EnvironmentOption extends Option {
  public override attributeName(): string {
    return 'environment'
  }
}

/** The option `--env`, which every command has that loads an app. Default: `BOOSTER_ENV`, else `local`, as of every other command. */
export function environmentOption(): Option {
  const { BOOSTER_ENV: said = '' } = process.env
  const chosen = said === '' ? DEFAULT : said
  return new EnvironmentOption('-e, --env <name>', "Booster's environment").default(
    chosen,
    `BOOSTER_ENV, else ${DEFAULT}`
  )
}

/** The same option by its longer name. It is in no help. */
export function longEnvironmentOption(): Option {
  return new EnvironmentOption('--environment <name>', "Booster's environment").hideHelp()
}

/** Says on standard error which environment was read, and which state where there is one: an operator must not look at the wrong one. */
export function tellPlace(environment: string, state?: string): void {
  const places = [`environment ${environment}`, ...(state === undefined ? [] : [`state ${state}`])]
  process.stderr.write(`${printable(places.join(', '))}\n`)
}
