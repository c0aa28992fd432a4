import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, npm } from './run'

/** What is found and stays: by package, the codes, with the reason. */
const KEPT: Readonly<Record<string, { readonly codes: readonly string[]; readonly why: string }>> = {
  '@boostercloud/streamers-aws': {
    codes: ['CJSOnlyExportsDefault', 'CJS_WITH_ESMODULE_DEFAULT_EXPORT'],
    why: "Booster's rocket loader takes the default export of ./infrastructure, by require",
  },
}

interface Packed {
  readonly name: string
  readonly filename: string
}

interface Finding {
  readonly code: string
  readonly text: string
}

/**
 * Packs every package as npm would publish it, and says what publint and Are The Types Wrong find in the tarballs. Writes nothing that
 * stays, and asks no registry.
 */
async function findingsOfPackages(root = ROOT): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'streamers-packed-'))
  try {
    const folders = readdirSync(join(root, 'packages')).map((name) => `./packages/${name}`)
    const said = await npm(['pack', '--json', '--silent', '--pack-destination', folder, ...folders])
    const packed = Object.values(JSON.parse(said.slice(said.search(/[[{]/))) as Record<string, Packed>)
    const findings: string[] = []
    for (const { name, filename } of packed) {
      const tarball = new Uint8Array(readFileSync(join(folder, filename)))
      const found = [...(await typesWrong(tarball)), ...(await published(tarball))]
      findings.push(...found.filter(({ code }) => !isKept(name, code)).map(({ text }) => `${name}: ${text}`))
    }
    return findings
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Throws an error that names what is wrong with the packages. */
export async function checkPackages(): Promise<void> {
  const findings = await findingsOfPackages()
  if (findings.length > 0) throw new Error(findings.join('\n'))
}

const isKept = (name: string, code: string): boolean => KEPT[name]?.codes.includes(code) ?? false

/** How the types are found from every kind of module, by every way in which TypeScript looks for them. */
async function typesWrong(tarball: Uint8Array): Promise<Finding[]> {
  const { checkPackage, createPackageFromTarballData } = await import('@arethetypeswrong/core')
  const { types, problems = [] } = await checkPackage(createPackageFromTarballData(tarball))
  if (!types) return [{ code: 'NoTypes', text: 'it has no types' }]
  return problems.map((problem) => ({ code: problem.kind, text: JSON.stringify(problem) }))
}

async function published(tarball: Uint8Array): Promise<Finding[]> {
  const [{ publint }, { formatMessage }] = await Promise.all([import('publint'), import('publint/utils')])
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true })
  return messages.map((message) => ({ code: message.code, text: formatMessage(message, pkg) ?? message.code }))
}
