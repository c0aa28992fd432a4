import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { extractSchemas } from '../../src/schemas'
import { inTempFolder } from '../support/temp-folder'

const TSCONFIG = JSON.stringify({
  compilerOptions: { strict: true, target: 'es2022', module: 'commonjs', types: [] },
  include: ['src'],
})

const classOf = (name: string): string =>
  `class ${name} { public constructor(readonly id: string) {} public entityID(): string { return this.id } }\n`

const FILES = {
  'modifier.ts': `export ${classOf('Modifier')}${classOf('NotExported')}`,
  'default-modifier.ts': `export default ${classOf('DefaultModifier')}`,
  'list.ts': `${classOf('Listed')}${classOf('Renamed')}export { Listed, Renamed as OtherName }\n`,
  'default.ts': `${classOf('Default')}export default Default\n`,
  'assigned.ts': `${classOf('Assigned')}export = Assigned\n`,
  'type-only.ts': `${classOf('TypeOnly')}export type { TypeOnly }\n`,
  'index.ts': `export * from './modifier'\nexport { Listed } from './list'\nexport * as all from './default'\n`,
}

describe('the event classes that contracts extract finds', function () {
  this.timeout(60_000)

  it('are those that a file exports, in whatever way, each once', () =>
    inTempFolder(async (folder) => {
      await mkdir(join(folder, 'src'))
      await writeFile(join(folder, 'tsconfig.json'), TSCONFIG)
      for (const [file, text] of Object.entries(FILES)) await writeFile(join(folder, 'src', file), text)
      const found = extractSchemas(folder).map(({ event }) => event)
      expect(found.sort()).to.deep.equal(['Assigned', 'Default', 'DefaultModifier', 'Listed', 'Modifier', 'Renamed'])
    }))
})
