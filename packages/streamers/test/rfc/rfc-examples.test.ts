import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'chai'
import { BoosterApp } from '../support/booster-app'
import { eventually } from '../support/eventually'
import { RFC_EXAMPLES } from './examples'

/** The module that the RFC's services share: plain classes. */
const SHARED = {
  'node_modules/@application-name/main-kafka-types/package.json':
    '{"name":"@application-name/main-kafka-types","version":"1.0.0","main":"index.js","types":"index.d.ts"}',
  'node_modules/@application-name/main-kafka-types/index.js':
    'exports.PostCreated = class PostCreated { entityID() { return this.postId } }',
  'node_modules/@application-name/main-kafka-types/index.d.ts': `import { UUID } from '@boostercloud/framework-types'
export declare class PostCreated {
  readonly postId: UUID
  readonly title: string
  readonly content: string
  readonly author: string
  entityID(): UUID
}`,
}

describe("the RFC's examples", function () {
  this.timeout(120_000)

  for (const example of RFC_EXAMPLES) {
    it(`compile and run: ${example.name} (changed: ${example.changes.join('; ')})`, async () => {
      const sources = Object.entries(example.files).map(([path, text]) => [join('src', path), text])
      const app = await BoosterApp.build({ ...SHARED, ...(Object.fromEntries(sources) as Record<string, string>) })
      try {
        const [postId, title] = [randomUUID(), 'Teleport']
        const said: string[] = []
        await app.run(join(__dirname, 'run-command.cjs'), [postId, title], (line) => said.push(line))
        const expected = example.says(postId, title)
        await eventually(
          () => said.some((line) => line.includes(expected)),
          () => said.slice(-20),
          60_000
        )
        expect(said.filter((line) => line.includes(expected))).to.have.length(1)
      } finally {
        await app.remove()
      }
    })
  }
})
