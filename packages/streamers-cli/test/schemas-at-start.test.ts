import { join } from 'node:path'
import { expect } from 'chai'
import { BoosterApp } from '../../streamers/test/support/booster-app'
import { runWarm } from './support/command'
import { NOTES } from './support/notes-app'

const CLASSES = 100

const { 'src/index.ts': INDEX, 'src/config.ts': CONFIG } = NOTES

const IMPORTS = `import { EventHandler } from '@boostercloud/streamers'
import { Register, UUID } from '@boostercloud/framework-types'
`

const eventClass = (name: string): string => `class ${name} {
  public constructor(readonly id: string, readonly at: Date, readonly lines: readonly { readonly sku: string; readonly n: bigint }[]) {}
  public entityID(): UUID { return this.id as unknown as UUID }
}
`

const handler = (
  name: string,
  value = name
): string => `@EventHandler({ eventType: ${value}, streamedFrom: 'main/${name}' })
export class Handles${name} {
  public static async handle(event: ${value}, register: Register): Promise<void> { void event; void register }
}
`

/** A service of many event classes, each with its handler; two are exported in other ways than under their own names. */
function files(): Record<string, string> {
  const names = Array.from({ length: CLASSES - 2 }, (_, index) => `Event${index + 1}`)
  const plain = names.map((name) => [`src/${name}.ts`, `${IMPORTS}export ${eventClass(name)}${handler(name)}`] as const)
  return {
    'src/index.ts': INDEX,
    'src/config.ts': CONFIG,
    ...Object.fromEntries(plain),
    'src/renamed.ts': `import { UUID } from '@boostercloud/framework-types'\n${eventClass('Renamed')}export { Renamed as AnotherName }\n`,
    'src/assigned.ts': `import { UUID } from '@boostercloud/framework-types'\n${eventClass('Assigned')}export = Assigned\n`,
    'src/handlers.ts': `${IMPORTS}import { AnotherName } from './renamed'
import Assigned = require('./assigned')
void UUID
${handler('Renamed', 'AnotherName')}${handler('Assigned')}`,
  }
}

interface Said {
  /** Processor time to load the app, and to look for its schemas, in microseconds. */
  readonly load: number
  readonly look: number
  /** What the latter leaves in memory. */
  readonly bytes: number
  readonly files: readonly (string | null)[]
  /** Validators that are loaded before the first event, and after those that were asked for. */
  readonly first: readonly string[]
  readonly then: readonly string[]
  readonly errors: Readonly<Record<string, string>>
}

describe('a service of 100 event classes', function () {
  this.timeout(600_000)
  let app: BoosterApp

  before(async () => (app = await BoosterApp.build(files())))
  after(() => app?.remove())

  const started = async (...events: readonly string[]): Promise<Said> => {
    const [said, log]: [Said[], string[]] = [[], []]
    const child = await app.run(join(__dirname, 'support', 'schemas-at-start.cjs'), events, (line) =>
      line.startsWith('SAID ') ? said.push(JSON.parse(line.slice(5)) as Said) : log.push(line)
    )
    await new Promise((resolve) => child.once('close', resolve))
    expect(said, log.join('\n')).to.have.length(1)
    return said[0]
  }

  it('finds the schema of each, however it is exported, and loads a validator with the first event of its class', async () => {
    const bare = await started()
    expect(bare.files).to.deep.equal(Array.from({ length: CLASSES }, () => null))
    const { code, err } = await runWarm(['schemas'], { cwd: app.folder })
    expect(code, err).to.equal(0)
    const said = await started('Event7', 'Renamed', 'Assigned')
    expect(said.files).to.have.length(CLASSES).and.not.include(null)
    expect(said.files).to.include.members(['renamed.Renamed.schema.cjs', 'assigned.Assigned.schema.cjs'])
    expect(said.first, 'loaded before the first event').to.deep.equal([])
    expect([...said.then].sort()).to.deep.equal([
      'Event7.Event7.schema.cjs',
      'assigned.Assigned.schema.cjs',
      'renamed.Renamed.schema.cjs',
    ])
    expect(said.look, 'beside what loading the app takes').to.be.lessThan(said.load / 5)
    expect(said.bytes - bare.bytes).to.be.lessThan(5_000_000)
    for (const name of ['Event7', 'Renamed', 'Assigned']) {
      expect(said.errors[name]).to.contain(`The event is no ${name}: it`)
    }
  })
})
