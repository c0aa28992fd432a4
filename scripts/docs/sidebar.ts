import type { Page } from './pages'

/** A line of the sidebar, in VitePress' form. */
export interface SidebarItem {
  readonly text: string
  readonly link?: string
  readonly collapsed?: boolean
  readonly items?: readonly SidebarItem[]
}

/** The kinds of text that a reader looks for (https://diataxis.fr), with the folders of their pages. */
const SECTIONS: ReadonlyArray<{ readonly text: string; readonly folder: string }> = [
  { text: 'Tutorial', folder: 'tutorial' },
  { text: 'How-to guides', folder: 'how-to' },
  { text: 'Reference', folder: 'reference' },
  { text: 'Explanation', folder: 'explanation' },
]
const FOLDED: ReadonlyArray<{ readonly text: string; readonly folder: string; readonly in: string }> = [
  { text: 'Packages', folder: 'packages', in: 'reference' },
  { text: 'API', folder: 'api', in: 'reference' },
  { text: 'Decisions', folder: 'decisions', in: 'explanation' },
  { text: 'Examples', folder: 'examples', in: 'tutorial' },
]

/** The sidebar: every page once. Pages of a section stand in the order of the index, then by title. */
export function sidebarOf(pages: readonly Page[]): SidebarItem[] {
  const index = pages.find(({ path }) => path === 'index.md')?.text ?? ''
  const place = ({ path }: Page): number => {
    const found = index.indexOf(`(${path})`)
    return found < 0 ? Infinity : found
  }
  const listed = (folder: string): SidebarItem[] =>
    pages
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .sort((one, other) => before(place(one), place(other)) || compared(one, other))
      .map(({ title, path }) => ({ text: title, link: `/${path}` }))
  const sections = SECTIONS.map(({ text, folder }) => {
    const folded = FOLDED.filter((one) => one.in === folder).map((one) => ({
      text: one.text,
      collapsed: true,
      items: listed(one.folder),
    }))
    return { text, items: [...listed(folder), ...folded] }
  })
  const folders = new Set([...SECTIONS, ...FOLDED].map(({ folder }) => folder))
  const others = pages.filter(({ path }) => path !== 'index.md' && !folders.has(path.split('/')[0]))
  return [...sections, { text: 'Project', items: others.map(({ title, path }) => ({ text: title, link: `/${path}` })) }]
}

function compared(one: Page, other: Page): number {
  return one.path.startsWith('decisions/') ? one.path.localeCompare(other.path) : one.title.localeCompare(other.title)
}

/** `Infinity - Infinity` is no order. */
function before(one: number, other: number): number {
  return one === other ? 0 : one - other
}
