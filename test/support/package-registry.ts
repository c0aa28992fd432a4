import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PACKAGES } from './packages'
import type { Manifest } from './packages'
import { ROOT } from './source-tree'

const execute = promisify(execFile)

/** A package registry on loopback that has the packages of this repository as `npm publish` would have sent them. Everything else it leaves to npm's own registry. */
export interface PackageRegistry {
  readonly url: string
  stop(): Promise<void>
}

interface Published {
  readonly manifest: Manifest
  readonly tarball: Buffer
}

/** Packs all packages and serves them. */
export async function startPackageRegistry(): Promise<PackageRegistry> {
  const { stdout } = await execute('npm', ['config', 'get', 'registry'])
  const published = await packAll()
  const server = createServer((request, response) => answer(request, response, published, stdout.trim()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, stop: () => stop(server) }
}

async function packAll(): Promise<ReadonlyMap<string, Published>> {
  const folder = await mkdtemp(join(tmpdir(), 'streamers-registry-'))
  try {
    const paths = PACKAGES.map((each) => join(ROOT, each.folder))
    const { stdout } = await execute('npm', ['pack', '--json', '--silent', '--pack-destination', folder, ...paths], {
      cwd: ROOT,
      maxBuffer: 1e8,
    })
    const packed = Object.values(JSON.parse(stdout) as Record<string, { name: string; filename: string }>)
    const published = packed.map(async ({ name, filename }): Promise<[string, Published]> => [
      name,
      { manifest: manifestOf(name), tarball: await readFile(join(folder, filename)) },
    ])
    return new Map(await Promise.all(published))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function manifestOf(name: string): Manifest {
  const found = PACKAGES.find(({ manifest }) => manifest.name === name)
  if (!found) throw new Error(`${name} was packed, and is not below packages/.`)
  return found.manifest
}

/** `GET /NAME` is a package's document, `GET /NAME/-/FILE.tgz` its tarball (https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md). */
function answer(
  { url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  published: ReadonlyMap<string, Published>,
  elsewhere: string
): void {
  const path = decodeURIComponent(url.slice(1))
  const [name = '', file] = path.split('/-/')
  const ours = published.get(name)
  if (!ours) {
    response.writeHead(302, { location: new URL(url.slice(1), elsewhere).href }).end()
  } else if (file !== undefined) {
    response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(ours.tarball)
  } else {
    const { manifest, tarball } = ours
    const dist = {
      tarball: `http://${headers.host}/${name}/-/package.tgz`,
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    }
    const { version } = manifest
    const document = { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document))
  }
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
