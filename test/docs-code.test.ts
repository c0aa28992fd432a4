import { join } from 'node:path'
import { expect } from 'chai'
import ts from 'typescript'
import { blocksOf, pages } from './support/pages'
import type { Block } from './support/pages'
import { ROOT } from './support/source-tree'

/** Languages of blocks, and whether their text is code that is checked here. */
const LANGUAGES: Readonly<Record<string, 'compiled' | 'parsed' | 'elsewhere'>> = {
  ts: 'compiled',
  typescript: 'compiled',
  js: 'compiled',
  json: 'parsed',
  // Commands are parsed by documented-commands.test.ts.
  sh: 'elsewhere',
  console: 'elsewhere',
  text: 'elsewhere',
  diff: 'elsewhere',
  mermaid: 'elsewhere',
  yaml: 'elsewhere',
  sql: 'elsewhere',
  promql: 'elsewhere',
  python: 'elsewhere',
  kotlin: 'elsewhere',
}
const GIVEN = ['given', 'modules'].map((name) => join(ROOT, 'test/docs-code', `${name}.d.ts`))
const OPTIONS: ts.CompilerOptions = {
  allowJs: true,
  checkJs: true,
  experimentalDecorators: true,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  types: ['node', 'mocha'],
}

describe('code on pages', function () {
  this.timeout(180_000)
  const blocks = pages().flatMap((page) => blocksOf(page))

  it('says its language', () => {
    const unknown = blocks.filter(({ language }) => !(language in LANGUAGES))
    expect(unknown.map(({ page, line, language }) => `${page}:${line} ${language}`)).to.deep.equal([])
  })

  it('compiles, in TypeScript and JavaScript', () => {
    // What a page quotes is compiled where it is; files of a walk are compiled by the walk.
    const compiled = blocks.filter(
      ({ language, mark = '' }) => LANGUAGES[language] === 'compiled' && !/^(code|file):/.test(mark)
    )
    expect(compiled.length).to.be.greaterThan(30)
    expect(errorsOf(compiled)).to.deep.equal([])
  })

  it('parses, in JSON', () => {
    for (const { language, text } of blocks) if (LANGUAGES[language] === 'parsed') JSON.parse(text)
  })

  it('would be found out if it were wrong', () => {
    const wrong = blocksOf(
      'a.md',
      "```ts\nconfig.appName = 1\n```\n\n  ```ts\n  import { gone } from 'node:fs'\n  ```\n"
    )
    expect(errorsOf(wrong)).to.deep.equal([
      "a.md:2 Type 'number' is not assignable to type 'string'.",
      `a.md:6 Module '"node:fs"' has no exported member 'gone'.`,
    ])
  })
})

/** What the compiler says of blocks, each as a module of its own. */
function errorsOf(blocks: readonly Block[]): string[] {
  const files = new Map(
    blocks.map((block, index) => {
      const name = join(ROOT, `test/docs-code/block-${index}.${block.language === 'js' ? 'js' : 'ts'}`)
      return [name, { block, text: `${block.text}\nexport {}\n` }]
    })
  )
  const host = ts.createCompilerHost(OPTIONS)
  const { fileExists, getSourceFile, readFile } = host
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.readFile = (name) => files.get(name)?.text ?? readFile(name)
  host.getSourceFile = (name, version, ...rest) => {
    const own = files.get(name)
    return own ? ts.createSourceFile(name, own.text, version, true) : getSourceFile.call(host, name, version, ...rest)
  }
  const program = ts.createProgram([...GIVEN, ...files.keys()], OPTIONS, host)
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const own = file && files.get(file.fileName)
    const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1
    const at = own ? `${own.block.page}:${own.block.line + line}` : `${file?.fileName ?? 'options'}:${line}`
    return `${at} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}
