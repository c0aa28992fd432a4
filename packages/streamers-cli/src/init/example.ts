import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { Change } from './change'

const TEMPLATE = resolve(__dirname, '..', '..', 'templates', 'shop')
const IGNORED = `node_modules
dist
.booster
`

/**
 * The files of two services that react to each other's events, and of their contract, in a folder. Throws `OPTION_INVALID` where a file of theirs is there and says something
 * else.
 */
export function exampleIn(folder: string, version: string): Change[] {
  const why = 'an example'
  const changes = [
    { file: join(folder, '.gitignore'), text: IGNORED, why },
    ...templateFiles().map((file) => ({
      file: join(folder, file),
      text: withVersion(readFileSync(join(TEMPLATE, file), 'utf8'), version),
      why,
    })),
  ]
  const occupied = changes.find(({ file, text }) => existsSync(file) && readFileSync(file, 'utf8') !== text)
  if (!occupied) return changes
  throw new StreamerError('OPTION_INVALID', 'The folder has a file that does not belong to the example.', {
    at: occupied.file,
    hint: 'Name a new folder: boost-streamers init --example NAME.',
  })
}

/** Paths from the template's folder; without what a build or npm leaves there. */
function templateFiles(): string[] {
  return readdirSync(TEMPLATE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(TEMPLATE.length + 1))
    .filter((file) => !/(?:^|[\\/])(?:node_modules|dist|\.booster)[\\/]/.test(file))
    .sort()
}

/** The packages of this repository have one version. */
function withVersion(text: string, version: string): string {
  return text.replaceAll(/("@boostercloud\/[^"]+": )"\^[^"]+"/g, (_, name: string) => `${name}"^${version}"`)
}
