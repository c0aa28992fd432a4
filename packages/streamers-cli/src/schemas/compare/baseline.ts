import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { StreamerError } from '@boostercloud/streamer-connector'
import { fromDocument } from '../event-schema'
import type { EventSchema } from '../event-schema'
import { extractSchemas } from '../extract/extract'

const run = promisify(execFile)

/**
 * What the schemas of a folder's events were: those in a folder of extracted ones, those of the sources in another folder, or those of the
 * same folder at a commit of its git repository. Rejects with `OPTION_INVALID` for anything else.
 */
export async function baselineSchemas(against: string, folder: string): Promise<EventSchema[]> {
  if (existsSync(join(against, 'tsconfig.json'))) return extractSchemas(against)
  if (existsSync(against)) return readSchemas(against)
  return schemasAt(against, folder)
}

function readSchemas(folder: string): EventSchema[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  const found = files.sort().flatMap((name) => {
    const schema = fromDocument(parsed(join(folder, name)))
    return schema ? [schema] : []
  })
  if (found.length > 0) return found
  throw new StreamerError('OPTION_INVALID', 'There are no schemas of events in this folder.', {
    at: folder,
    hint: 'Name a folder that contracts extract has written, or one with the sources of a service.',
  })
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new StreamerError('OPTION_INVALID', 'A schema is not valid JSON.', {
      at: file,
      hint: 'Extract it again.',
      cause,
    })
  }
}

async function schemasAt(reference: string, folder: string): Promise<EventSchema[]> {
  const root = await git(resolve(folder), ['rev-parse', '--show-toplevel'])
  const commit = await git(root, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${reference}^{commit}`,
  ]).catch(() => {
    throw new StreamerError('OPTION_INVALID', `There is no folder '${reference}' here, and no such commit.`, {
      at: '--against',
      hint: 'Name a folder, or a branch, tag or commit of this repository.',
    })
  })
  const copy = mkdtempSync(join(tmpdir(), 'streamers-baseline-'))
  try {
    const archive = join(copy, 'archive.tar')
    await git(root, ['archive', '--format=tar', `--output=${archive}`, commit])
    await run('tar', ['-xf', archive, '-C', copy])
    rmSync(archive)
    if (existsSync(join(root, 'node_modules')))
      symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir')
    return extractSchemas(join(copy, relative(root, resolve(folder))))
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

async function git(folder: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', ['-C', folder, ...args], { maxBuffer: 100_000_000 })
  return stdout.trim()
}
