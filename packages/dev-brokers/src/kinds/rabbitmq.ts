import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { BrokerKind, Place } from '../broker-kind'
import { installDebianPackage } from '../fetch/debian'
import { onPath } from '../fetch/on-path'

const LIMIT_MS = 2_000
/** The wrapper of the distribution changes the user; what it wraps is here. */
const DEBIAN = '/usr/lib/rabbitmq/lib'
const DEBIAN_WRAPPER = '/usr/sbin'

/** RabbitMQ: one node with its own data, its own name service, and a password. */
export const rabbitmq: BrokerKind = {
  name: 'rabbitmq',
  title: 'RabbitMQ',
  variable: 'STREAMERS_RABBITMQ_URL',
  hint: 'Set STREAMERS_RABBITMQ_URL to amqp://user:password@host:port, or start Docker, or install RabbitMQ.',
  refusesRoot: false,
  stopSignal: 'SIGTERM',
  morePorts: 2,
  container: {
    image: 'rabbitmq:4-alpine',
    port: 5672,
    env: ({ secret }) => ({ RABBITMQ_DEFAULT_USER: 'streamers', RABBITMQ_DEFAULT_PASS: secret }),
    takesSettings: false,
  },
  installed: findInstalled,
  fetched: async () => {
    await installDebianPackage('rabbitmq-server')
    const folder = await findInstalled()
    if (folder) return folder
    throw new StreamerError('PACKAGE_MISSING', 'The package contains no server.', { at: 'rabbitmq-server' })
  },
  prepare: async (_, place) => {
    await mkdir(join(place.folder, 'mnesia'), { recursive: true })
    const lines = Object.entries({ ...settingsOf(place), ...place.settings })
    await writeFile(
      join(place.folder, 'rabbitmq.conf'),
      lines.map(([name, value]) => `${name} = ${value}\n`).join(''),
      {
        mode: 0o600,
      }
    )
    await writeFile(join(place.folder, 'rabbitmq-env.conf'), '')
    await writeFile(join(place.folder, 'enabled_plugins'), '[].\n')
  },
  command: (programs, place) => ({ file: join(programs, 'rabbitmq-server'), args: [], env: environmentOf(place) }),
  cleanUp: (_, place) => ({ file: 'epmd', args: ['-kill'], env: environmentOf(place) }),
  url: ({ port, secret }) => `amqp://streamers:${secret}@127.0.0.1:${port}`,
  ready: ({ port }) => rabbitAnswers(port),
}

async function findInstalled(): Promise<string | undefined> {
  const [newest] = (await readdir(DEBIAN).catch(() => []))
    .filter((name) => name.startsWith('rabbitmq_server-'))
    .reverse()
  if (newest) return join(DEBIAN, newest, 'sbin')
  const folder = await onPath('rabbitmq-server')
  return folder === DEBIAN_WRAPPER ? undefined : folder
}

function settingsOf({ port, secret }: Place): Readonly<Record<string, string>> {
  return {
    'listeners.tcp.1': `127.0.0.1:${port}`,
    default_user: 'streamers',
    default_pass: secret,
    'log.console': 'true',
    'log.console.level': 'warning',
  }
}

/** https://www.rabbitmq.com/docs/configure#supported-environment-variables */
function environmentOf({ folder, port, morePorts }: Place): Readonly<Record<string, string>> {
  const [distribution, names] = morePorts
  return {
    HOME: folder,
    RABBITMQ_CONF_ENV_FILE: join(folder, 'rabbitmq-env.conf'),
    // Its data stand under its name, and a name service of its own knows it.
    RABBITMQ_NODENAME: 'streamers@localhost',
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: `${port}`,
    RABBITMQ_DIST_PORT: `${distribution}`,
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: folder,
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-noinput -kernel inet_dist_use_interface {127,0,0,1}',
    // The script becomes the server then, instead of waiting for it: a kill meets the server.
    RABBITMQ_ALLOW_INPUT: '1',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: `${names}`,
  }
}

/** A node that has started answers the protocol header with Connection.Start, a method frame (AMQP 0-9-1 §2.2.4, §4.2.2). */
async function rabbitAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: LIMIT_MS })
    const answer = (ready: boolean): void => {
      socket.destroy()
      resolve(ready)
    }
    socket.once('connect', () => socket.write(Buffer.from('AMQP\0\0\x09\x01', 'latin1')))
    socket.once('data', (bytes) => answer(bytes[0] === 1))
    socket.once('close', () => answer(false))
    socket.once('timeout', () => answer(false))
    socket.on('error', () => answer(false))
  })
}
