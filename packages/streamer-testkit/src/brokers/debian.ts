import { StreamerError } from '@boostercloud/streamer-connector'
import { runToEnd } from './run'

/**
 * Debian asks `policy-rc.d` before a package starts a service of its own; 101 says that it must not
 * (https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt). A policy that is there already stays.
 */
const INSTALL = `set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$1"
`
/** Several processes may want it at once. */
const LOCK = '/run/lock/booster-streamers-apt'

/**
 * Installs a package of Debian's, and keeps it from starting its service. Only for root, and only where root asks for it with
 * `BOOSTER_STREAMERS_APT=1`; rejects with `PACKAGE_MISSING` elsewhere.
 */
export async function installDebianPackage(name: string): Promise<void> {
  if (process.env.BOOSTER_STREAMERS_APT !== '1' || process.getuid?.() !== 0) {
    throw new StreamerError('PACKAGE_MISSING', 'It is fetched only where root asks for it.', {
      at: name,
      hint: `Install it, or run this as root with BOOSTER_STREAMERS_APT=1 on Debian.`,
    })
  }
  try {
    await runToEnd({ file: 'flock', args: [LOCK, 'sh', '-c', INSTALL, 'sh', name] }, { limitMs: 900_000 })
  } catch (cause) {
    const { stderr = '', message } = cause as Error & { stderr?: string }
    const said = stderr.trim() === '' ? message : stderr.trim().split('\n').slice(-3).join(' ')
    throw new StreamerError('PACKAGE_MISSING', `apt-get could not install it: ${said}`, { at: name, cause })
  }
}
