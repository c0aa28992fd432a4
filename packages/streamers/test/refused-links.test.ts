import { execFile } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { expect } from 'chai'

const ROOT = resolve(__dirname, '../../..')
const PROGRAM = join(ROOT, 'packages/streamers/test-types/refused')
/** What is accepted; that the oldest compiler takes it is a check of its own. */
const ACCEPTED = ['streamers', 'streamer-connector'].flatMap((name) =>
  ['declared', 'undeclared'].map((each) => `packages/${name}/test-types/${each}`)
)

/** As they are installed: the oldest one that can be used, the last one written in TypeScript, and the newest. */
const COMPILERS = { typescript: '5.1', 'typescript-5.9': '5.9', 'typescript-newest': '7.' }

/** A piece of code that must not compile, and what each compiler says of it. */
interface Refused {
  readonly name: string
  readonly file: string
  readonly from: number
  readonly to: number
  readonly says: readonly string[]
}

/** Cases are parted by empty lines; the first comment of each is its name. */
function refusedIn(file: string): Refused[] {
  const lines = readFileSync(join(PROGRAM, file), 'utf8').split('\n')
  const starts = lines.flatMap((line, index) =>
    line.startsWith('// ') && !lines[index - 1].startsWith('//') ? [index] : []
  )
  return starts.map((from, index) => {
    const to = starts[index + 1] ?? lines.length
    const says = lines.slice(from, to).flatMap((line) => /^\/\/ says: (.*)$/.exec(line)?.[1] ?? [])
    return { name: lines[from].slice(3), file, from: from + 1, to, says }
  })
}

interface Diagnostic {
  readonly file: string
  readonly line: number
  readonly message: string
}

async function tsc(compiler: string, ...args: string[]): Promise<string> {
  const bin = join(ROOT, 'node_modules', compiler, 'bin/tsc')
  return new Promise((done, failed) => {
    execFile(process.execPath, [bin, ...args], { cwd: ROOT, maxBuffer: 10_000_000 }, (error, out, err) => {
      if (error && typeof error.code !== 'number') failed(new Error(error.message, { cause: error }))
      else done(out + err)
    })
  })
}

async function diagnose(compiler: string): Promise<Diagnostic[]> {
  const out = await tsc(compiler, '-p', join(PROGRAM, 'tsconfig.refused.json'), '--pretty', 'false')
  return out
    .split(/\n(?=\S)/)
    .filter((text) => text.trim() !== '')
    .map((message) => {
      const [, file = '', line = '0'] = /^(.+?)\((\d+),\d+\): error TS/.exec(message) ?? []
      return { file: basename(file), line: Number(line), message }
    })
}

describe('what the compiler says of a link that cannot be', function () {
  this.timeout(600_000)
  const files = readdirSync(PROGRAM).filter((name) => name.endsWith('.ts') && name !== 'contract.ts')
  const cases = files.flatMap(refusedIn)

  for (const [compiler, version] of Object.entries(COMPILERS)) {
    describe(`TypeScript ${version.replace(/\.$/, '')}`, () => {
      let found: Diagnostic[] = []
      before(async () => {
        expect(await tsc(compiler, '--version')).to.contain(`Version ${version}`)
        found = await diagnose(compiler)
      })

      const of = ({ file, from, to }: Refused): Diagnostic[] =>
        found.filter((one) => one.file === file && one.line > from && one.line <= to)

      for (const refused of cases) {
        it(`${basename(refused.file, '.ts')}: ${refused.name}`, () => {
          const said = of(refused)
            .map(({ message }) => message)
            .join('\n')
          expect(refused.says).not.to.deep.equal([])
          for (const text of refused.says) expect(said).to.contain(text)
        })
      }

      it('says nothing of anything else', () => {
        const known = cases.flatMap(of)
        expect(found.filter((one) => !known.includes(one))).to.deep.equal([])
      })

      for (const folder of compiler === 'typescript' ? [] : ACCEPTED) {
        it(`takes ${folder}`, async () => {
          expect(await tsc(compiler, '-p', folder, '--module', 'node16', '--moduleResolution', 'node16')).to.equal('')
        })
      }
    })
  }
})
