import { execFile } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cachedFolder } from '@boostercloud/dev-brokers'

const execute = promisify(execFile)

export const ROOT = join(__dirname, '..', '..', '..', '..', '..')
/** The package, and a lock file with the checksums of all that it needs. */
const PINNED = join(__dirname, 'booster-on-aws')
const LOCK = join(PINNED, 'package-lock.json')
const OPTIONS = ['--ignore-scripts', '--no-audit', '--no-fund']

/**
 * The environment in which an app has Booster's infrastructure for AWS: too large (half a gigabyte) for the repository's own packages, so it is
 * fetched once into the cache. What is not there comes from the repository.
 */
export async function boosterOnAws(): Promise<NodeJS.ProcessEnv> {
  const folder = await cachedFolder('booster-aws-2.10.1', LOCK, async (half) => {
    await cp(PINNED, half, { recursive: true })
    await execute('npm', ['ci', ...OPTIONS], { cwd: half, maxBuffer: 1e8 })
  })
  const paths = [join(folder, 'node_modules'), join(ROOT, 'node_modules')]
  const { AWS_PROFILE: _, ...env } = process.env
  return {
    ...env,
    NODE_PATH: paths.join(':'),
    // Nothing of an account is there, and nobody is asked for it.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_OPTIONS: '',
    NO_COLOR: '1',
  }
}
