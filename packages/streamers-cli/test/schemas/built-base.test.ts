import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { extractSchemas } from '../../src/schemas'
import { inTempFolder } from '../support/temp-folder'

const TSCONFIG = {
  compilerOptions: { strict: true, target: 'es2022', module: 'commonjs', moduleResolution: 'node', types: [] },
  include: ['src'],
}
const FILES = {
  'tsconfig.json': JSON.stringify(TSCONFIG),
  'src/paid.ts': "import * as contract from 'billing'\nexport class Paid extends contract.Paid {}\n",
  'node_modules/billing/package.json': '{"name":"billing","types":"dist/paid.d.ts"}',
  'node_modules/billing/dist/paid.d.ts':
    'export declare class Paid { readonly id: string; readonly currency: string; entityID(): string }\n',
}

describe('the schema of a class that a service derives from a contract’s', function () {
  this.timeout(120_000)

  it('does not require what the contract’s class fills in by itself, which the schema in the package says', () =>
    inTempFolder(async (folder) => {
      const write = async (path: string, text: string): Promise<void> => {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), text)
      }
      for (const [path, text] of Object.entries(FILES)) await write(path, text)
      expect(extractSchemas(folder)[0].schema.required).to.deep.equal(['id', 'currency'])
      const written = { properties: { id: { type: 'string' }, currency: { type: 'string' } }, required: ['id'] }
      await write('node_modules/billing/dist/paid.Paid.schema.json', JSON.stringify(written))
      expect(extractSchemas(folder)[0].schema.required).to.deep.equal(['id'])
    }))
})
