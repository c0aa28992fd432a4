import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import { cachedFolder } from './cached-folder'
import { checkFile, readChecksums } from './checksums'
import { runToEnd } from '../run'
import { unpack } from './unpack'

const FROM = 'Check where npm downloads from: npm config get registry, and a proxy or a mirror in between.'

/**
 * The folder of an npm package of that exact version, which depends on no other, in the cache of the user's; fetched and checked by `list` if it is not
 * there yet. `complete` is called once, before the folder takes its place. Rejects with `PACKAGE_MISSING` where it can't be had, and with
 * `CHECKSUM_MISMATCH`.
 */
export async function cachedPackage(
  name: string,
  version: string,
  { list, complete }: { list: string; complete: (folder: string) => Promise<void> }
): Promise<string> {
  const home = await cachedFolder(`${name.replaceAll('/', '+')}@${version}`, list, async (folder) => {
    const options = ['--pack-destination', folder, '--ignore-scripts', '--silent']
    await runToEnd({ file: 'npm', args: ['pack', ...options, `${name}@${version}`] }, { cwd: folder })
    const archive = join(folder, await onlyFile(folder))
    await checkFile(archive, await readChecksums(list), FROM)
    const home = join(folder, 'node_modules', name)
    await mkdir(home, { recursive: true })
    await unpack(archive, home, 1)
    await complete(home)
  })
  return join(home, 'node_modules', name)
}

async function onlyFile(folder: string): Promise<string> {
  const [file] = await readdir(folder)
  if (file) return file
  throw new StreamerError('PACKAGE_MISSING', 'npm fetched nothing.', { at: folder })
}
