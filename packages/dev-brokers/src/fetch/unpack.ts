import { rm } from 'node:fs/promises'
import { runToEnd } from '../run'

/** Puts what is in a `.tar.gz` into a folder, without its first `strip` folders (default 0), and removes the archive. */
export async function unpack(archive: string, into: string, strip = 0): Promise<void> {
  const args = ['-xzf', archive, '--no-same-owner', `--strip-components=${strip}`]
  await runToEnd({ file: 'tar', args }, { cwd: into })
  await rm(archive)
}
