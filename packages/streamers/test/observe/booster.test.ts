import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'chai'
import { BoosterApp } from '../support/booster-app'
import { eventually } from '../support/eventually'
import { HEALTH_APP } from './health-app'

interface SaidSpan {
  readonly name: string
  readonly traceId: string
  readonly id: string
  readonly parent?: string
}

interface Indicator {
  readonly id: string
  readonly status: string
  readonly details?: { readonly links: readonly { readonly handler: string }[] }
}

describe('a Booster service', function () {
  this.timeout(120_000)

  it("shows streaming beside Booster's own health, and carries a command's trace to the handler", async () => {
    const app = await BoosterApp.build(HEALTH_APP)
    try {
      const said: string[] = []
      const about = <T>(word: string): T[] =>
        said.filter((line) => line.startsWith(`${word} `)).map((line) => JSON.parse(line.slice(word.length)) as T)
      await app.run(join(__dirname, 'run-traced.cjs'), [randomUUID()], (line) => said.push(line))
      await eventually(
        () => about('SPAN').length === 3 && about('HEALTH').length === 1,
        () => said.slice(-20),
        60_000
      )
      const spans = about<SaidSpan>('SPAN')
      const [command, send, process] = ['command', 'send main/posts', 'process main/posts'].map((name) =>
        spans.find((span) => span.name === name)
      )
      expect(send?.parent).to.equal(command?.id)
      expect(process?.parent).to.equal(send?.id)
      expect(new Set(spans.map(({ traceId }) => traceId)).size).to.equal(1)
      const indicators = about<Indicator[]>('HEALTH')[0]
      if (!Array.isArray(indicators)) throw new Error(JSON.stringify(indicators))
      expect(indicators.map(({ id }) => id)).to.include.members(['booster', 'streamers'])
      const streamers = indicators.find(({ id }) => id === 'streamers')
      expect(streamers?.status).to.equal('UP')
      expect(streamers?.details?.links.map(({ handler }) => handler)).to.deep.equal(['Seen'])
    } finally {
      await app.remove()
    }
  })
})
