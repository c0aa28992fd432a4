import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './source-tree'

/** A block of code on a page. */
export interface Block {
  readonly page: string
  /** From 1. */
  readonly line: number
  readonly language: string
  readonly text: string
  /** What the mark above it says: `code: FILE`, `file: PATH`, `walk: …`. */
  readonly mark?: string
}

const BLOCK = /(?:<!-- (\w+: [^>]+?) -->\n+)?^( *)```(\w*)\n([\s\S]*?)^\2```$/gm

/** Every page that people read, from the root. */
export function pages(): string[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`)
  const readmes = ['packages', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}/README.md`)
  )
  const others = ['CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md', 'chaos/README.md']
  return [
    ...others,
    ...docs.filter((name) => name.endsWith('.md')),
    ...readmes.filter((name) => existsSync(join(ROOT, name))),
  ]
}

/** The blocks of code of a page. */
export function blocksOf(page: string, text = readFileSync(join(ROOT, page), 'utf8')): Block[] {
  return Array.from(text.matchAll(BLOCK), ({ 0: whole, 1: mark, 2: indent, 3: language, 4: code, index = 0 }) => ({
    page,
    line: text.slice(0, index + whole.indexOf('```')).split('\n').length,
    language,
    text: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    ...(mark === undefined ? {} : { mark }),
  }))
}
