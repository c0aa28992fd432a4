import { readFile, readdir } from 'node:fs/promises'
import { join, posix } from 'node:path'

/** What is wrong with the links of a built site, each in a line: a page or an anchor that is not there, and what is loaded from elsewhere. */
export async function brokenLinks(site: string): Promise<{ readonly broken: string[]; readonly links: number }> {
  const files = new Set((await readdir(site, { recursive: true })).map((name) => name.replaceAll('\\', '/')))
  const pages = new Map<string, string>()
  for (const name of files) if (name.endsWith('.html')) pages.set(name, await readFile(join(site, name), 'utf8'))
  const anchors = new Map(Array.from(pages, ([name, html]) => [name, new Set(all(html, ANCHOR))]))
  const broken: string[] = []
  let links = 0
  for (const [page, html] of pages) {
    broken.push(...all(html, LOADED).map((url) => `${page} loads ${url}`))
    const own = all(html, LINK).filter((href) => !/^[a-z]+:/i.test(href))
    links += own.length
    for (const href of own) {
      const [path, anchor = ''] = href.split('#')
      const target = path === '' ? page : fileOf(page, path)
      if (!files.has(target)) broken.push(`${page} links to ${href}`)
      else if (!hasAnchor(anchors.get(target), anchor)) {
        broken.push(`${page} links to ${href}, which has no such anchor`)
      }
    }
  }
  return { broken, links }
}

function hasAnchor(anchors: ReadonlySet<string> | undefined, anchor: string): boolean {
  return anchor === '' || (anchors?.has(anchor) ?? false)
}

const ANCHOR = /\s(?:id|name)="([^"]+)"/g
const LOADED = /<(?:script|img|link|iframe)\b[^>]*?(?:src|href)="(https?:\/\/[^"]+)"/g
const LINK = /<a\b[^>]*?href="([^"]+)"/g

function all(html: string, pattern: RegExp): string[] {
  return Array.from(html.matchAll(pattern), ([, found]) => decoded(found))
}

function fileOf(page: string, path: string): string {
  const whole = posix.resolve('/', posix.dirname(page), path).slice(1)
  if (whole === '' || path.endsWith('/')) return posix.join(whole, 'index.html')
  return posix.extname(whole) === '' ? `${whole}.html` : whole
}

function decoded(text: string): string {
  const plain = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
  return decodeURIComponent(plain)
}
