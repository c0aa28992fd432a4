import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { cachedFolder } from '@boostercloud/streamer-testkit'

const execute = promisify(execFile)
const VERSION = '1.58.0'

/** What cfn-lint says of a template, an error a line, as `E2531 … at Resources/…`. Warnings are not asked for. */
export async function cfnLint(template: string): Promise<string[]> {
  const programs = await cachedFolder(`cfn-lint-${VERSION}`, async (half) => {
    const options = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', half]
    await execute('python3', [...options, `cfn-lint==${VERSION}`], { cwd: half, maxBuffer: 1e8 })
  })
  const main = 'from cfnlint.runner import main; main()'
  const env = { ...process.env, PYTHONPATH: programs }
  const args = ['-c', main, '--format', 'json', '--ignore-checks', 'W', 'I', '--', template]
  const found = await execute('python3', args, { env, maxBuffer: 1e8 }).catch((ended: Ended) => {
    if (!ended.stdout) throw ended
    return ended
  })
  return (JSON.parse(found.stdout) as Finding[]).map(
    ({ Rule, Message, Location }) => `${Rule.Id} ${Message} at ${Location.Path.join('/')}`
  )
}

/** It ends with something else than 0 where it finds something. */
type Ended = Error & { readonly stdout: string }

interface Finding {
  readonly Rule: { readonly Id: string }
  readonly Message: string
  readonly Location: { readonly Path: readonly (string | number)[] }
}
