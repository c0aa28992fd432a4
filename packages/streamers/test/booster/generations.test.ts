import { join } from 'node:path'
import { expect } from 'chai'
import { freePort } from '@boostercloud/dev-brokers'
import { BoosterApp } from '../support/booster-app'
import { GENERATIONS_APP } from './newer-core-app'

interface Refused {
  readonly failure: string
  readonly ms: number
}

for (const generation of ['2.10', '4']) {
  describe(`streaming on a core as that of Booster ${generation}`, function () {
    this.timeout(120_000)

    let app: BoosterApp
    const said: string[] = []
    before(async () => {
      app = await BoosterApp.build(GENERATIONS_APP)
      const port = await freePort()
      const child = await app.run(join(__dirname, 'run-generations.cjs'), [generation, String(port)], (line) =>
        said.push(line)
      )
      const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
      if (code !== 0) throw new Error(said.slice(-20).join('\n'))
    })
    after(async () => app?.remove())

    const told = <T>(word: string): T => {
      const line = said.find((each) => each.startsWith(`${word} `))
      return JSON.parse(line?.slice(word.length) ?? 'null') as T
    }

    it("gives the app's global error handler what this generation gives it of Booster's own events", () => {
      const explained = JSON.parse(told<Refused>('FAILING').failure) as Record<string, unknown>
      if (generation === '2.10') {
        expect(explained).to.deep.equal({ error: 'It fails.', instance: { at: 1 } })
        return
      }
      const { requestID, ...envelope } = explained
      expect(requestID).to.be.a('string').and.not.equal('')
      expect(envelope).to.deep.equal({
        error: 'It fails.',
        typeName: 'Bought',
        entityID: 's1',
        entityTypeName: 'main/failing',
        createdAt: '2026-01-31T12:00:00.000Z',
        value: { at: 1 },
      })
    })

    it('refuses at once an event that no entity reduces, within an attempt', () => {
      const { failure, ms } = told<Refused>('LOOSE')
      expect(failure).to.contain('Unreduced')
      expect(ms).to.be.below(900)
    })

    it('publishes no event that was deleted while it was pending, and says of a published one that it was', () => {
      const { texts, warned } = told<{ texts: string[]; warned: string[] }>('PUBLISHED')
      expect(texts).to.deep.equal(['first', 'third'])
      expect(warned).to.have.length(1)
      expect(warned[0]).to.contain("It was already published to 'main/notes'")
    })
  })
}
