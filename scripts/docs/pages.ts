import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../lib/run'

/** A page of the site. */
export interface Page {
  /** Its Markdown file, from the root of the repository. */
  readonly source: string
  /** Its Markdown file, from the root of the site. */
  readonly path: string
  readonly text: string
  readonly title: string
}

const PROJECT: ReadonlyMap<string, string> = new Map([
  ['docs/README.md', 'index.md'],
  ['README.md', 'overview.md'],
  ['CHANGELOG.md', 'changelog.md'],
  ['CONTRIBUTING.md', 'contributing.md'],
  ['SECURITY.md', 'security.md'],
])

/** Every Markdown file of the repository that is a page of the site. */
export function allPages(): Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => [`docs/${name}`, name] as const)
  const readmes = ['packages', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .map((name) => [`${folder}/${name}/README.md`, `${folder}/${name}.md`] as const)
      .filter(([source]) => existsSync(join(ROOT, source)))
  )
  return [...PROJECT, ...docs, ...readmes].map(([source, path]) => {
    const text = readFileSync(join(ROOT, source), 'utf8')
    return { source, path, text, title: titleOf(text, source) }
  })
}

/** The first heading of a page, without its markup. */
function titleOf(text: string, source: string): string {
  const [, title] = /^# (.+)$/m.exec(text) ?? []
  if (title === undefined)
    throw new Error(`${source} has no title: its first line must be a heading of the first level.`)
  return title.replace(/`|\[|\]\([^)]*\)/g, '').trim()
}
