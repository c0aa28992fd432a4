import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './lib/run.mjs'

const HELP = `npm run release -- BUMP [--dry-run]

Makes the commit and the tag of a release: lerna gives every package the next version, ranges between the packages follow, and what stands
under "Unreleased" in CHANGELOG.md gets the version. Nothing is pushed. When the tag is pushed, .github/workflows/release.yml has lerna
publish the packages with provenance.

  BUMP        patch, minor, major, or a version
  --dry-run   does it in a copy of the last commit, and shows the changes, what each tarball holds, and what would publish it
`
const RANGES = ['dependencies', 'peerDependencies', 'devDependencies']
const PUBLISH = ['lerna', 'publish', 'from-package', '--yes']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'dry-run': { type: 'boolean' }, help: { type: 'boolean' } },
})
const isDry = values['dry-run'] === true
const bump = positionals[0] ?? (isDry ? 'minor' : undefined)
if (values.help || bump === undefined) {
  console.log(HELP)
  process.exit(values.help ? 0 : 2)
}
if (isDry) inCopy(show)
else release(ROOT)

function release(root) {
  if (git(root, 'status', '--porcelain') !== '') throw new Error('The working copy is not clean. Commit first.')
  const version = raise(root)
  git(root, 'commit', '--quiet', '--all', '--message', `chore: release ${version}`)
  git(root, 'tag', `v${version}`)
  console.log(`\nTagged v${version}. Publish it: git push --follow-tags origin main v${version}`)
}

/** Gives every package its next version; answers it. */
function raise(root) {
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

function follow(file, ours, range) {
  const manifest = read(file)
  for (const kind of RANGES) {
    for (const name of Object.keys(manifest[kind] ?? {})) if (ours.has(name)) manifest[kind][name] = range
  }
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`)
}

/** A clone of the last commit with what is installed and built here. */
function inCopy(work) {
  const folder = mkdtempSync(join(tmpdir(), 'streamers-release-'))
  try {
    git(ROOT, 'clone', '--quiet', '--shared', ROOT, folder)
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function show(folder) {
  const version = raise(folder)
  console.log(`Version ${version}:\n${git(folder, 'diff', '--stat')}\n`)
  for (const path of git(folder, 'ls-files', ':(glob)packages/*/package.json').split('\n')) {
    const { name, publishConfig } = read(join(folder, path))
    if (!existsSync(join(ROOT, path, '../dist'))) throw new Error(`${name} is not built. Run npm run build.`)
    console.log(
      `${name}@${version}  ${sizeOf(path)}  access ${publishConfig.access}, provenance ${publishConfig.provenance}`
    )
  }
  console.log(`\nThe tag v${version} would run: npx ${PUBLISH.join(' ')}`)
}

function sizeOf(path) {
  const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--silent', join(ROOT, path, '..')], {
    encoding: 'utf8',
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
  })
  const [{ entryCount, size }] = Object.values(JSON.parse(said))
  return `${entryCount} files, ${Math.ceil(size / 1024)} kB`
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function git(root, ...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trimEnd()
}

function run(root, command, args) {
  execFileSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, NX_DAEMON: 'false' } })
}
