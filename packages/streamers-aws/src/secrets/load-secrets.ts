import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { VARIABLES } from '../names'

const LIMIT_MS = 20_000
const PROGRAM = join(__dirname, 'fetch-secrets.js')

/**
 * Puts the secrets that the deployment names into the environment, each under its variable; one that is there already stays. An app reads its
 * options while it is loaded, which cannot wait, so this waits for another process that asks Secrets Manager. Throws `STREAMER_FORBIDDEN`, which
 * never repeats a secret. `program`: what that process runs.
 */
export function loadSecrets(env: NodeJS.ProcessEnv, program = PROGRAM): void {
  const places = placesIn(env[VARIABLES.secrets])
  const missing = Object.entries(places).filter(([variable]) => env[variable] === undefined)
  if (missing.length === 0) return
  const found = fetched(Object.fromEntries(missing), env, program)
  for (const [variable] of missing) env[variable] = found[variable]
}

function placesIn(text: string | undefined): Record<string, string> {
  if (text === undefined || text === '') return {}
  try {
    return JSON.parse(text) as Record<string, string>
  } catch (cause) {
    throw new StreamerError('OPTION_INVALID', `The variable ${VARIABLES.secrets} is no JSON.`, {
      hint: 'Deploy the service anew: its deployment writes this.',
      cause,
    })
  }
}

function fetched(places: Record<string, string>, env: NodeJS.ProcessEnv, program: string): Record<string, string> {
  try {
    const answer = execFileSync(process.execPath, [program, JSON.stringify(places)], {
      env: { ...env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
    })
    return JSON.parse(answer.toString('utf8')) as Record<string, string>
  } catch (error) {
    const { stderr, name } = error as Error & { stderr?: Buffer }
    const said = stderr && stderr.length > 0 ? stderr.toString('utf8').trim() : name
    throw new StreamerError('STREAMER_FORBIDDEN', `Secrets are not to be had: ${said}.`, {
      at: Object.keys(places).join(', '),
      hint: 'Allow the function secretsmanager:GetSecretValue on them, and look whether they are there.',
    })
  }
}
