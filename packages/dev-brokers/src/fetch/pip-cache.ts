import { cachedFolder } from './cached-folder'
import { checksumList, mismatch } from './checksums'
import { runToEnd } from '../run'

const FROM =
  'Check where pip downloads from: pip config list, and a proxy or a mirror in between. To clear its cache: pip cache purge.'

/**
 * A folder in the cache of the user's with packages for Python, fetched by pip, which takes only files whose checksums are in `list`, a file of requirements
 * (https://pip.pypa.io/en/stable/topics/secure-installs), and runs nothing of them. Rejects with `PACKAGE_MISSING` where there is no Python or pip or no way
 * to them, and with `CHECKSUM_MISMATCH`.
 * @internal
 */
export async function cachedPythonPackages(name: string, list: string = checksumList(`${name}.txt`)): Promise<string> {
  return cachedFolder(name, list, async (folder) => {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--require-hashes']
    const args = ['-m', 'pip', 'install', ...options, '--target', folder, '--requirement', list]
    try {
      await runToEnd({ file: 'python3', args }, { cwd: folder })
    } catch (thrown) {
      throw refusalOf((thrown as { stderr?: string }).stderr ?? '') ?? thrown
    }
  })
}

/** What pip says of a file that is none of the list's: its requirement, each checksum that the list has for it, and the one that it has. */
function refusalOf(said: string): Error | undefined {
  const [, requirement] = /^ +(\S+) (?:from|\().*:$/m.exec(said) ?? []
  const [, got] = /^ +Got +([0-9a-f]+)/m.exec(said) ?? []
  if (!got) return undefined
  const expected = [...said.matchAll(/^ +Expected +\w+ ([0-9a-f]+)/gm)].map(([, checksum]) => checksum)
  return mismatch({ file: requirement ?? 'a package', expected: expected.join(' or '), got, from: FROM })
}
