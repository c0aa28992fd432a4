import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cachedPythonPackages } from '@boostercloud/dev-brokers'

const execute = promisify(execFile)
/** Its version, those of what it needs, and their checksums. */
const LIST = join(__dirname, 'cfn-lint.txt')

/** What cfn-lint says of a template, an error a line, as `E2531 … at Resources/…`. Warnings are not asked for. */
export async function cfnLint(template: string): Promise<string[]> {
  const programs = await cachedPythonPackages('cfn-lint', LIST)
  const main = 'from cfnlint.runner import main; main()'
  const env = { ...process.env, PYTHONPATH: programs, PYTHONDONTWRITEBYTECODE: '1' }
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
