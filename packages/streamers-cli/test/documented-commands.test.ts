import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Command } from 'commander'
import { pages } from '../../../test/support/pages'
import { program } from '../src/program'

const ROOT = join(__dirname, '..', '..', '..')
/** Pages that show many. */
const RICH = [
  'docs/how-to/contracts.md',
  'docs/how-to/operate.md',
  'docs/how-to/store.md',
  'packages/streamers-cli/README.md',
]

/** The lines of a page's shell blocks that call the command, from its name on. */
function commandsIn(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/```(?:sh|console)\n(.*?)```/gs)].map(([, text]) => text)
  return examplesIn(blocks.join('\n'))
}

function examplesIn(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/^\s*\$ |\s+# .*$/g, ''))
  return lines.flatMap((line) => /(?:^|\| |npx )(boost-streamers .*?)(?: > \S+)?$/.exec(line)?.[1] ?? [])
}

/** The words of a line, as a shell splits it where nothing is escaped. */
function wordsOf(line: string): string[] {
  return Array.from(line.matchAll(/"([^"]*)"|'([^']*)'|\S+/g), ([word, double, single]) => double ?? single ?? word)
}

/** Every command with its help. */
function all(command: Command): Command[] {
  return [command, ...command.commands.flatMap(all)]
}

/** The command line, parsing only: throws where it does not understand. Answers what would have been done. */
async function parsed(line: string): Promise<string | undefined> {
  const root = program()
  let done: string | undefined
  for (const command of all(root)) {
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
    if (command.commands.length === 0) command.action(() => void (done = command.name()))
  }
  await root.parseAsync(['node', ...wordsOf(line)])
  return done
}

describe('documented commands', () => {
  for (const page of pages()) {
    const lines = commandsIn(readFileSync(join(ROOT, page), 'utf8')).filter((line) => !line.endsWith('--help'))
    if (RICH.includes(page)) it(`are there in ${page}`, () => expect(lines).to.have.length.of.at.least(4))
    for (const line of lines) {
      it(`are understood, in ${page}: ${line}`, async () => expect(await parsed(line)).to.be.a('string'))
    }
  }

  for (const command of all(program())) {
    let help = ''
    command.configureOutput({ writeOut: (text) => (help += text) })
    command.outputHelp()
    for (const line of examplesIn(help)) {
      it(`are understood, in the help of ${command.name()}: ${line}`, async () =>
        expect(await parsed(line)).to.be.a('string'))
    }
  }

  it('would be found out if they were wrong', async () => {
    for (const line of [
      'boost-streamers tial main/posts',
      'boost-streamers tail --form first',
      'boost-streamers forget',
    ]) {
      const error: unknown = await parsed(line).catch((thrown: unknown) => thrown)
      expect(error, line).to.be.instanceOf(Error)
    }
  })
})
