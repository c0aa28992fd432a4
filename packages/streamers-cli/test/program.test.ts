import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { program } from '../src/program'
import type { Command as Commander } from 'commander'
import { run } from './support/command'

/** Every command that does something, with its words. */
function leaves(command: Commander, words: readonly string[] = []): string[][] {
  if (command.commands.length === 0) return [[...words]]
  return command.commands.flatMap((one) => leaves(one, [...words, one.name()]))
}

describe('boost-streamers', function () {
  this.timeout(60_000)

  for (const words of [[], ...leaves(program())]) {
    it(`helps with examples: ${['boost-streamers', ...words].join(' ')}`, async () => {
      const { code, out } = await run([...words, '--help'])
      expect(code).to.equal(0)
      expect(out).to.contain(`Usage: ${['boost-streamers', ...words].join(' ')}`)
      expect(out).to.match(/Examples?:\n {2}\$ /)
      expect(out).to.contain(`$ boost-streamers ${words.join(' ')}`.trimEnd())
    })
  }

  it('suggests the command that was meant', async () => {
    const { code, err } = await run(['pubish', 'main/posts'])
    expect(code).to.equal(1)
    expect(err).to.contain("unknown command 'pubish'").and.contain('Did you mean publish?')
  })

  it('names an option that it does not know, and tells of the help', async () => {
    const { code, err } = await run(['tail', 'posts', '--form', 'first'])
    expect(code).to.equal(1)
    expect(err).to.contain("unknown option '--form'").and.contain('--from').and.contain('Try --help')
  })

  it('loads neither a compiler nor codecs for a command that needs none', async () => {
    const script = `require(${JSON.stringify(join(__dirname, '../dist/program'))}).program()
      console.log(JSON.stringify(Object.keys(require.cache)))`
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script])
    const loaded = JSON.parse(stdout) as string[]
    expect(loaded.some((file) => file.includes('/commander/'))).to.equal(true)
    expect(loaded.filter((file) => /\/typescript\/|\/schema-registry-codec\//.test(file))).to.deep.equal([])
  })

  it('says its version', async () => {
    const { code, out } = await run(['--version'])
    expect(code).to.equal(0)
    expect(out).to.match(/^\d+\.\d+\.\d+\n$/)
  })
})
