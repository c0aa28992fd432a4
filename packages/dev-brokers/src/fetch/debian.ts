import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StreamerError, isStreamerError } from '@boostercloud/streamer-connector'
import { checkFile, checksumList, readChecksums } from './checksums'
import { runToEnd } from '../run'

/** What apt-get does with `$1`, a package of Debian's, and the options after it. */
const APT = `set -e
export DEBIAN_FRONTEND=noninteractive
name="$1"
shift
apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" "$name"
`
/**
 * Debian asks `policy-rc.d` before a package starts a service of its own; 101 says that it must not
 * (https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt). A policy that is there already stays.
 */
const WITHOUT_SERVICE = `set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
${APT}`
/** Several processes may want it at once. */
const LOCK = '/run/lock/booster-streamers-apt'
const FROM =
  'It may be a newer package of Debian: BOOSTER_STREAMERS_APT=signed accepts what Debian has signed, without one of our checksums. Or install rabbitmq-server yourself.'

/**
 * Installs a package of Debian's, and keeps it from starting its service. Only for root, and only where root asks for it: with
 * `BOOSTER_STREAMERS_APT=1`, what is in our list of checksums; with `BOOSTER_STREAMERS_APT=signed`, whatever Debian has signed. `trust`: with either of them
 * what Debian has signed, for packages that have a new version every few days. Rejects with `PACKAGE_MISSING` elsewhere, and with `CHECKSUM_MISMATCH` before
 * anything is installed.
 */
export async function installDebianPackage(name: string, trust: 'listed' | 'signed' = 'listed'): Promise<void> {
  const asked = process.env.BOOSTER_STREAMERS_APT ?? ''
  if (!['1', 'signed'].includes(asked) || process.getuid?.() !== 0) {
    throw new StreamerError('PACKAGE_MISSING', 'It is downloaded only if root asks for it.', {
      at: name,
      hint: `Install it, or run this as root with BOOSTER_STREAMERS_APT=1 on Debian.`,
    })
  }
  const folder = await mkdtemp(join(tmpdir(), 'booster-streamers-apt-'))
  try {
    await mkdir(join(folder, 'partial'))
    const archives = ['-o', `Dir::Cache::archives=${folder}`]
    await locked(`apt-get -qq update\n${APT}`, [name, '--download-only', ...archives])
    if (asked === '1' && trust === 'listed') await checkPackages(folder, checksumList(`debian-${name}.sha256`))
    await locked(WITHOUT_SERVICE, [name, '--no-download', ...archives])
  } catch (cause) {
    throw isStreamerError(cause, 'CHECKSUM_MISMATCH') ? cause : notInstalled(name, cause)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function notInstalled(name: string, cause: unknown): StreamerError {
  const { stderr = '', message } = cause as Error & { stderr?: string }
  const said = stderr.trim() === '' ? message : stderr.trim().split('\n').slice(-3).join(' ')
  return new StreamerError('PACKAGE_MISSING', `apt-get could not install it: ${said}`, { at: name, cause })
}

/** Checks what apt-get has fetched into a folder. Rejects with `CHECKSUM_MISMATCH`. */
export async function checkPackages(folder: string, list: string): Promise<void> {
  const checksums = await readChecksums(list)
  const packages = (await readdir(folder)).filter((file) => file.endsWith('.deb'))
  for (const file of packages) await checkFile(join(folder, file), checksums, FROM)
}

async function locked(script: string, args: readonly string[]): Promise<void> {
  await runToEnd({ file: 'flock', args: [LOCK, 'sh', '-c', script, 'sh', ...args] }, { limitMs: 900_000 })
}
