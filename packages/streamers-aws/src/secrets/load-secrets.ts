import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { VARIABLES } from '../names'

const LIMIT_MS = 20_000
/** As it was built, also where this file runs from its source. */
const PROGRAM = join(__dirname, '../../dist/secrets/fetch-secrets.js')

/**
 * Puts the secrets that the deployment names into the environment, each under its variable; one that is there already stays. Call it in the
 * configuration of an environment that is deployed, before the first option that reads `process.env`; where no secret is named it does nothing.
 *
 * An app reads its options while it is loaded, which cannot wait, so this waits for another process that asks Secrets Manager, 20 seconds at most.
 * Throws `STREAMER_FORBIDDEN`, which never repeats a secret.
 * @public
 */
export function loadSecrets(env: NodeJS.ProcessEnv = process.env): void {
  const missing = missingSecrets(env)
  if (missing.length === 0) return
  const found = fetched(Object.fromEntries(missing), env)
  for (const [variable] of missing) env[variable] = found[variable]
}

/** Throws `OPTION_INVALID` where the deployment names secrets that nobody has loaded: options that need one have been read without it. */
export function requireLoadedSecrets(env: NodeJS.ProcessEnv): void {
  const variables = missingSecrets(env).map(([variable]) => variable)
  if (variables.length === 0) return
  throw new StreamerError('OPTION_INVALID', 'The deployment names secrets that are not loaded.', {
    at: variables.join(', '),
    hint: 'Call loadSecrets() of @boostercloud/streamers-aws as the first line of the configuration.',
  })
}

function missingSecrets(env: NodeJS.ProcessEnv): Array<[variable: string, place: string]> {
  return Object.entries(placesIn(env[VARIABLES.secrets])).filter(([variable]) => env[variable] === undefined)
}

function placesIn(text: string | undefined): Record<string, string> {
  if (text === undefined || text === '') return {}
  try {
    return JSON.parse(text) as Record<string, string>
  } catch (cause) {
    throw new StreamerError('OPTION_INVALID', `The variable ${VARIABLES.secrets} is not valid JSON.`, {
      hint: 'Deploy the service again: its deployment writes this.',
      cause,
    })
  }
}

function fetched(places: Record<string, string>, env: NodeJS.ProcessEnv): Record<string, string> {
  try {
    const answer = execFileSync(process.execPath, [PROGRAM, JSON.stringify(places)], {
      env: { ...env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
    })
    return JSON.parse(answer.toString('utf8')) as Record<string, string>
  } catch (error) {
    const { stderr, name } = error as Error & { stderr?: Buffer }
    const said = stderr && stderr.length > 0 ? stderr.toString('utf8').trim() : name
    throw new StreamerError('STREAMER_FORBIDDEN', `Secrets could not be read: ${said}.`, {
      at: Object.keys(places).join(', '),
      hint: 'Allow the function secretsmanager:GetSecretValue on them, and check that they exist.',
    })
  }
}
