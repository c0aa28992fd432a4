import { chmod, rm, writeFile } from 'node:fs/promises'
import { StreamerError } from '@boostercloud/streamer-connector'
import { exists } from './cached-folder'
import { runToEnd } from './run'

/** Asked before a package starts a service of its own (https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt, 101: forbidden). */
const POLICY = '/usr/sbin/policy-rc.d'

/**
 * Installs a package of Debian's, and keeps it from starting its service. Only for root, and only where root asks for it with
 * `BOOSTER_STREAMERS_APT=1`; rejects with `PACKAGE_MISSING` elsewhere.
 */
export async function installDebianPackage(name: string): Promise<void> {
  if (process.env.BOOSTER_STREAMERS_APT !== '1' || process.getuid?.() !== 0) {
    throw new StreamerError('PACKAGE_MISSING', 'It is fetched only where root asks for it.', {
      at: name,
      mend: `Install it, or run this as root with BOOSTER_STREAMERS_APT=1 on Debian.`,
    })
  }
  const hadPolicy = await exists(POLICY)
  if (!hadPolicy) await writeFile(POLICY, '#!/bin/sh\nexit 101\n').then(() => chmod(POLICY, 0o755))
  try {
    await aptGet('update')
    await aptGet('install', '-y', '--no-install-recommends', name)
  } catch (cause) {
    throw new StreamerError('PACKAGE_MISSING', 'apt-get could not install it.', { at: name, cause })
  } finally {
    if (!hadPolicy) await rm(POLICY, { force: true })
  }
}

async function aptGet(...args: string[]): Promise<void> {
  await runToEnd(
    { file: 'apt-get', args: ['-qq', ...args], env: { DEBIAN_FRONTEND: 'noninteractive' } },
    { limitMs: 600_000 }
  )
}
