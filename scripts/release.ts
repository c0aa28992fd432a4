import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parsed } from './lib/options'
import { ROOT } from './lib/run'

const HELP = `npm run release -- BUMP [--dry-run]

Makes the commit and the tag of a release: lerna gives every package the next version, ranges between the packages follow, and what stands
under "Unreleased" in CHANGELOG.md gets the version. Nothing is pushed. When the tag is pushed, .github/workflows/release.yml has lerna
publish the packages with provenance.

  BUMP        patch, minor, major, or a version
  --dry-run   does it in a copy of the last commit, and shows the changes, what each tarball holds, and what would publish it
`
const RANGES = ['dependencies', 'peerDependencies', 'devDependencies']
const PUBLISH = ['lerna', 'publish', 'from-package', '--yes']

interface Manifest {
  readonly name: string
  readonly version: string
  readonly publishConfig?: { readonly access: string; readonly provenance: boolean }
  readonly [range: string]: unknown
}

/** `npm run release`. */
export async function main(args: readonly string[]): Promise<void> {
  const { isDry, bump } = parsed(
    args,
    HELP,
    { options: { 'dry-run': { type: 'boolean' } }, allowPositionals: true },
    asked
  )
  if (isDry) inCopy((folder) => show(folder, bump))
  else release(ROOT, bump)
}

function asked({
  values,
  positionals,
}: {
  readonly values: { readonly 'dry-run'?: boolean }
  readonly positionals: readonly string[]
}): { isDry: boolean; bump: string } {
  const isDry = values['dry-run'] === true
  const bump = positionals.length > 0 ? positionals[0] : isDry ? 'minor' : undefined
  if (bump === undefined) throw new Error('Say which version: patch, minor, major, or a version.')
  return { isDry, bump }
}

function release(root: string, bump: string): void {
  if (git(root, 'status', '--porcelain') !== '') throw new Error('The working copy is not clean. Commit first.')
  const version = raise(root, bump)
  git(root, 'commit', '--quiet', '--all', '--message', `chore: release ${version}`)
  git(root, 'tag', `v${version}`)
  console.log(`\nTagged v${version}. Publish it: git push --follow-tags origin main v${version}`)
}

/** Gives every package its next version; answers it. */
function raise(root: string, bump: string): string {
  const lerna = ['version', bump, '--no-git-tag-version', '--no-push', '--force-publish', '--yes', '--loglevel=warn']
  // Lerna would have npm look at it while peers still ask for the version before.
  const [lock, aside] = ['package-lock.json', 'package-lock.aside.json'].map((name) => join(root, name))
  renameSync(lock, aside)
  try {
    run(root, 'npx', ['lerna', ...lerna])
  } finally {
    renameSync(aside, lock)
  }
  const { version } = read(join(root, 'lerna.json'))
  const manifests = git(root, 'ls-files', '*package.json').split('\n')
  const ours = new Set(
    manifests.filter((path) => path.startsWith('packages/')).map((path) => read(join(root, path)).name)
  )
  // Lerna leaves peers, and the examples, which are not published, as they are.
  for (const path of manifests) follow(join(root, path), ours, `^${version}`)
  const log = join(root, 'CHANGELOG.md')
  const day = new Date().toISOString().slice(0, 10)
  writeFileSync(log, readFileSync(log, 'utf8').replace('## Unreleased', `## Unreleased\n\n## ${version} - ${day}`))
  run(root, 'npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'])
  return version
}

function follow(file: string, ours: ReadonlySet<string>, range: string): void {
  const manifest = read(file)
  for (const kind of RANGES) {
    const ranges = (manifest[kind] ?? {}) as Record<string, string>
    for (const name of Object.keys(ranges)) if (ours.has(name)) ranges[name] = range
  }
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
}

/** A clone of the last commit with what is installed and built here. */
function inCopy(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'streamers-release-'))
  try {
    git(ROOT, 'clone', '--quiet', '--shared', ROOT, folder)
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function show(folder: string, bump: string): void {
  const version = raise(folder, bump)
  console.log(`Version ${version}:\n${git(folder, 'diff', '--stat')}\n`)
  for (const path of git(folder, 'ls-files', ':(glob)packages/*/package.json').split('\n')) {
    const { name, publishConfig } = read(join(folder, path))
    if (!existsSync(join(ROOT, path, '../dist'))) throw new Error(`${name} is not built. Run npm run build.`)
    console.log(
      `${name}@${version}  ${sizeOf(path)}  access ${publishConfig?.access}, provenance ${publishConfig?.provenance}`
    )
  }
  console.log(`\nThe tag v${version} would run: npx ${PUBLISH.join(' ')}`)
}

function sizeOf(path: string): string {
  const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--silent', join(ROOT, path, '..')], {
    encoding: 'utf8',
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
  })
  const [{ entryCount, size }] = Object.values(JSON.parse(said) as Record<string, { entryCount: number; size: number }>)
  return `${entryCount} files, ${Math.ceil(size / 1024)} kB`
}

function read(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest
}

function git(root: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trimEnd()
}

function run(root: string, command: string, args: readonly string[]): void {
  execFileSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, NX_DAEMON: 'false' } })
}
