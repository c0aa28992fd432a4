import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ROOT, run } from '../lib/run'
import { tools } from '../lib/tools'
import { linked } from './links'
import { allPages } from './pages'
import type { Page } from './pages'
import { referencePages } from './reference'
import { sidebarOf } from './sidebar'

/** Where the site is built. */
export const SITE = join(ROOT, 'site')
const INDEXED = [
  { folder: 'how-to', title: 'How-to guides' },
  { folder: 'reference', title: 'Reference' },
  { folder: 'explanation', title: 'Explanation' },
  { folder: 'decisions', title: 'Decisions' },
]

/** Builds the site into a folder, default `site`. Resolves with the number of its pages. Rejects where a link leads to nothing. */
export async function buildSite(out = SITE): Promise<number> {
  const installed = await tools()
  await mkdir(join(ROOT, '.cache'), { recursive: true })
  const source = await mkdtemp(join(ROOT, '.cache/site-'))
  try {
    const pages = await writeSources(source, installed)
    await run(process.execPath, [join(installed, 'vitepress/bin/vitepress.js'), 'build', source], {
      env: { SITE_OUT: out, SITE_SOURCE: source },
    })
    return pages
  } finally {
    await rm(source, { recursive: true, force: true })
  }
}

/** Writes what VitePress builds the site of, and resolves with the number of pages. */
async function writeSources(folder: string, installed: string): Promise<number> {
  const written = allPages()
  const reference = await referencePages(installed, join(folder, '.reference'))
  const pages = [...written, ...INDEXED.map((one) => indexOf(one.folder, one.title, written))]
  for (const page of pages) {
    const { text, pictures } = linked(page, pages)
    await write(folder, page.path, text)
    for (const picture of pictures) await cp(join(ROOT, picture), join(folder, 'public/pictures', picture))
  }
  for (const { path, text } of reference) await write(folder, path, text)
  await write(folder, 'sidebar.json', JSON.stringify(sidebarOf([...written, ...reference])))
  await cp(join(__dirname, 'site/config.mjs'), join(folder, '.vitepress/config.mjs'))
  await cp(join(__dirname, 'site/theme.mjs'), join(folder, '.vitepress/theme/index.js'))
  await symlink(installed, join(folder, 'node_modules'), 'junction')
  return pages.length + reference.length
}

/** A page that lists those of a folder. */
function indexOf(folder: string, title: string, pages: readonly Page[]): Page {
  const lines = pages
    .filter(({ source }) => source.startsWith(`docs/${folder}/`))
    .map((page) => `- [${page.title}](${page.source.slice(`docs/${folder}/`.length)})`)
  return {
    source: `docs/${folder}/index.md`,
    path: `${folder}/index.md`,
    title,
    text: `# ${title}\n\n${lines.join('\n')}\n`,
  }
}

async function write(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), text)
}
