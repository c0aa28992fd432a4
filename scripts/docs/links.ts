import { existsSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { join } from 'node:path'
import { ROOT } from '../lib/run'
import type { Page } from './pages'

const REPOSITORY = 'https://github.com/boostercloud/booster-streamers'
/** Code keeps its text; what comes before or after it is searched for links. */
const CODE = /(^ *(`{3,})[\s\S]*?^ *\2 *$|`[^`\n]+`)/gm
const LINK = /(\]\()([^)\s#]*)((?:#[^)\s]*)?\))/g
const ELSEWHERE = /^[a-z]+:/i

/** A page's text for the site, and the pictures that it shows, from the root of the repository. */
export interface Linked {
  readonly text: string
  readonly pictures: readonly string[]
}

/**
 * Has the links of a page lead to pages of the site, and links to other files and folders of the repository to where it is hosted. Throws
 * where a link leads to nothing.
 */
export function linked(page: Page, pages: readonly Page[]): Linked {
  const paths = new Map(pages.map(({ source, path }) => [source, path]))
  const pictures: string[] = []
  const follow = (target: string): string => {
    if (target === '' || ELSEWHERE.test(target)) return target
    const file = posix.normalize(posix.join(posix.dirname(page.source), decodeURI(target))).replace(/\/$/, '')
    if (!existsSync(join(ROOT, file))) throw new Error(`${page.source} links to ${target}, which is not there.`)
    if (/\.(svg|png)$/.test(file)) {
      pictures.push(file)
      return `/pictures/${file}`
    }
    const path = paths.get(file) ?? paths.get(`${file}/README.md`) ?? paths.get(`${file}/index.md`)
    if (path !== undefined) return `/${path}`
    return `${REPOSITORY}/${statSync(join(ROOT, file)).isDirectory() ? 'tree' : 'blob'}/main/${file}`
  }
  const parts = page.text.split(CODE)
  const text = parts.map((part, index) => {
    // Of each match the split answers the text before it, the code, and the fence.
    if (index % 3 === 2) return ''
    return index % 3 === 1
      ? part
      : part?.replace(LINK, (_, before: string, target: string, after: string) => `${before}${follow(target)}${after}`)
  })
  return { text: text.join(''), pictures }
}
