import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run } from '../lib/run'
import type { Page } from './pages'

interface Entry {
  readonly specifier: string
  /** Its declarations, from the root. */
  readonly types: string
}

/**
 * Has typedoc write a page for each entry of the packages, from the doc comments of the built declarations. Names that are `@internal` are left out, and so
 * are entries with nothing else. Rejects where a doc comment links to a name that is not there.
 */
export async function referencePages(tools: string, scratch: string): Promise<Page[]> {
  const entries = packageEntries()
  const files = entries.map(({ types }) => join(ROOT, types))
  await mkdir(scratch, { recursive: true })
  const compilerOptions = {
    ...{
      module: 'commonjs',
      moduleResolution: 'node10',
      target: 'es2022',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
    },
    ...{ types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] },
  }
  await writeFile(join(scratch, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
  const out = join(scratch, 'written')
  const options = {
    ...{ entryPoints: files, tsconfig: join(scratch, 'tsconfig.json'), out, name: 'API', readme: 'none' },
    plugin: [join(tools, 'typedoc-plugin-markdown/dist/index.js'), join(__dirname, 'site/entry-names.mjs')],
    ...{
      excludeInternal: true,
      excludePrivate: true,
      excludeExternals: true,
      disableSources: true,
      skipErrorChecking: true,
    },
    ...{
      router: 'module',
      hidePageHeader: true,
      hideBreadcrumbs: true,
      hidePageTitle: true,
      useCodeBlocks: true,
      useHTMLAnchors: true,
    },
    ...{
      parametersFormat: 'table',
      validation: { invalidLink: true, notExported: false },
      treatValidationWarningsAsErrors: true,
    },
  }
  await writeFile(join(scratch, 'typedoc.json'), JSON.stringify(options))
  const names = Object.fromEntries(
    entries.map(({ specifier, types }) => [types.replace(/^packages\/|(\/index)?\.d\.ts$/g, ''), nameOf(specifier)])
  )
  await run(process.execPath, [join(tools, 'typedoc/bin/typedoc'), '--options', join(scratch, 'typedoc.json')], {
    env: { ENTRY_NAMES: JSON.stringify(names) },
  })
  const written = await readdir(out, { recursive: true })
  const pages = await Promise.all(
    entries.map(async ({ specifier, types }) => {
      const file = `${nameOf(specifier)}.md`
      const text = written.includes(file) ? await readFile(join(out, file), 'utf8') : ''
      return { source: types, path: `api/${file}`, title: specifier, text: `# ${specifier}\n\n${text}` }
    })
  )
  return pages.filter(({ text }) => /^#{2,3} /m.test(text))
}

const nameOf = (specifier: string): string => specifier.slice('@boostercloud/'.length)

function packageEntries(): Entry[] {
  return readdirSync(join(ROOT, 'packages')).flatMap((name) => {
    const file = join(ROOT, 'packages', name, 'package.json')
    if (!existsSync(file)) return []
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly name: string
      readonly exports: Readonly<Record<string, string | { readonly types: string }>>
    }
    return Object.entries(manifest.exports).flatMap(([subpath, target]) =>
      typeof target === 'string'
        ? []
        : [{ specifier: `${manifest.name}${subpath.slice(1)}`, types: `packages/${name}/${target.types.slice(2)}` }]
    )
  })
}
