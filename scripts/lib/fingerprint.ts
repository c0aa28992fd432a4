import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './run'

const PASSED = join(ROOT, '.cache/passed')

/**
 * A hash of everything a static check can depend on: every file of the repository, what is installed, and this Node.
 * Undefined where there is no git to ask which files those are.
 */
export function fingerprint(): string | undefined {
  const files = filesOfRepository()
  if (!files) return undefined
  const hash = createHash('sha256').update(process.version)
  for (const file of [...files, 'node_modules/.package-lock.json']) {
    const path = join(ROOT, file)
    hash.update(`\0${file}\0`)
    if (existsSync(path)) hash.update(readFileSync(path))
  }
  return hash.digest('hex')
}

/** Whether a check passed on exactly these files. Never in CI, where everything is run. */
export function hasPassed(check: string, print: string | undefined): boolean {
  const file = join(PASSED, fileName(check))
  return !process.env.CI && print !== undefined && existsSync(file) && readFileSync(file, 'utf8') === print
}

/** Remembers that a check passed on these files. */
export function rememberPassed(check: string, print: string | undefined): void {
  if (print === undefined) return
  mkdirSync(PASSED, { recursive: true })
  writeFileSync(join(PASSED, fileName(check)), print)
}

const fileName = (check: string): string => check.replace(/[^\w-]+/g, '-')

function filesOfRepository(): string[] | undefined {
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return [...new Set(listed.split('\0').filter(Boolean))].sort()
  } catch {
    return undefined
  }
}
