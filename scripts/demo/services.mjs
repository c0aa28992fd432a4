import { join } from 'node:path'
import { graphql } from './graphql.mjs'
import { readJourney } from './journeys.mjs'
import { ChildProcess } from './processes.mjs'
import { waitFor } from './wait.mjs'
import { EXAMPLE, ROOT } from './workspace.mjs'

/** A signal for those who never abort. */
const NEVER = new AbortController().signal

const CLI = join(ROOT, 'node_modules/.bin/boost-streamers')

/** Starts a Booster service in its folder of the workspace, and resolves when its GraphQL API answers. */
export async function startService(name, { workspace, port, webSocketPort, onJourney, signal = NEVER }) {
  const url = `http://127.0.0.1:${port}/graphql`
  const options = ['start', '--no-build', '--environment', workspace.environment, '--port', String(port)]
  const service = new ChildProcess(name, [process.execPath, CLI, ...options], {
    cwd: join(workspace.folder, name),
    env: { ...environment(workspace), LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT: String(webSocketPort) },
    onLine: (line) => readJourney(line, onJourney),
  })
  try {
    await Promise.race([answering(url, AbortSignal.any([signal, service.ended])), service.failed])
  } catch (error) {
    await service.kill()
    throw error
  }
  return Object.assign(service, { url })
}

/** Starts the program that is not Booster. */
export function startDigest({ workspace, onJourney }) {
  return new ChildProcess('digest', [process.execPath, join(EXAMPLE, 'digest/dist/main.js'), workspace.digest], {
    cwd: workspace.folder,
    env: environment(workspace),
    onLine: (line) => readJourney(line, onJourney),
  })
}

/** One that ends instead of answering is known at once. */
const ANSWER_LIMIT_MS = 150_000

function answering(url, signal) {
  return waitFor(`${url} to answer`, () => graphql(url, '{ __typename }'), { signal, limitMs: ANSWER_LIMIT_MS })
}

function environment(workspace) {
  return { ...process.env, ...workspace.settings, BLOG_JOURNEY: '1' }
}
