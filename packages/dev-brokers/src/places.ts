import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrokerKind, Place, User } from './broker-kind'
import { freePort } from './free-port'

/**
 * What is fetched, and what is kept for `boost-streamers brokers up`: `BOOSTER_STREAMERS_CACHE` if that is set. Root's own folder would
 * be closed to the servers that refuse to run as root.
 */
export function cacheFolder(): string {
  const { BOOSTER_STREAMERS_CACHE, XDG_CACHE_HOME } = process.env
  if (BOOSTER_STREAMERS_CACHE) return BOOSTER_STREAMERS_CACHE
  if (isRoot()) return '/var/cache/booster-streamers'
  return join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'booster-streamers')
}

/** What whoever starts a server says of its place. */
type OwnPlace = Partial<Pick<Place, 'port' | 'settings'>>

/** A place for a server that is gone when it is stopped. */
export async function temporaryPlace(kind: BrokerKind, own: OwnPlace = {}): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), `booster-streamers-${kind.name}-`))
  return place(kind, folder, randomBytes(12).toString('hex'), own)
}

/** A place whose data are kept. */
export async function keptPlace(kind: BrokerKind, folder: string, secret: string): Promise<Place> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  return place(kind, folder, secret)
}

async function place(kind: BrokerKind, folder: string, secret: string, own: OwnPlace = {}): Promise<Place> {
  const user = kind.refusesRoot && isRoot() ? await lesserUser() : undefined
  if (user) await chown(folder, user.uid, user.gid)
  await chmod(folder, 0o700)
  const port = own.port ?? (await freePort())
  const morePorts = await Promise.all(Array.from({ length: kind.morePorts ?? 0 }, freePort))
  return { folder, port, morePorts, settings: own.settings ?? {}, secret, user }
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

async function lesserUser(): Promise<User> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const found = ['postgres', 'nobody'].map((name) => lines.find(([user]) => user === name)).find(Boolean)
  return found ? { uid: Number(found[2]), gid: Number(found[3]) } : { uid: 65_534, gid: 65_534 }
}
