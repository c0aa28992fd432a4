import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrokerKind, Place } from './broker-kind'
import { runToEnd } from './run'
import type { Launch } from './started-server'

const ENGINE = 'docker'

/** Whether a container engine runs; its command line alone is none. */
export async function engineRuns(): Promise<boolean> {
  return runToEnd({ file: ENGINE, args: ['info'] }, { limitMs: 10_000 }).then(
    () => true,
    () => false
  )
}

/** Makes a container that is started, attached, by its keeper: signals pass to the server in it. */
export async function containerLaunch(kind: BrokerKind, place: Place): Promise<Omit<Launch, 'readyMs'>> {
  const { image, port, env, args: own } = kind.container
  const variables = join(place.folder, 'env')
  const lines = Object.entries(env(place)).map(([name, value]) => `${name}=${value}\n`)
  await writeFile(variables, lines.join(''), { mode: 0o600 })
  const publish = `127.0.0.1:${place.port}:${port}`
  const args = [
    'create',
    '--env-file',
    variables,
    '--publish',
    publish,
    '--stop-signal',
    kind.stopSignal,
    image,
    ...(own?.(place) ?? []),
  ]
  const id = (await runToEnd({ file: ENGINE, args }, { limitMs: 600_000 })).trim()
  return {
    kind,
    way: 'container',
    // The engine's command line is used as whoever this is; who it is inside, the image says.
    place: { ...place, user: undefined },
    command: { file: ENGINE, args: ['start', '--attach', id] },
    kill: async () => void (await runToEnd({ file: ENGINE, args: ['kill', id] })),
    stall: async () => void (await runToEnd({ file: ENGINE, args: ['pause', id] })),
    goOn: async () => void (await runToEnd({ file: ENGINE, args: ['unpause', id] })),
    cleanUp: { file: ENGINE, args: ['rm', '--force', '--volumes', id] },
  }
}
