import { expect } from 'chai'
import { FIRST, freePort } from '../src/free-port'

describe('a free port', () => {
  it('is given to nobody else before a server may have been started on it', async () => {
    const asked = 600
    const ports = new Set<number>()
    for (let n = 0; n < asked; n += 1) ports.add(await freePort())
    expect(ports.size, 'by chance alone some would be given twice').to.equal(asked)
    expect(Math.min(...ports)).to.be.at.least(FIRST)
  })

  it('is none of those that fetch and browsers refuse', async () => {
    const refusal = async (port: number): Promise<string | undefined> =>
      fetch(`http://127.0.0.1:${port}`).then(
        () => undefined,
        ({ cause }: { cause: Error }) => cause.message
      )
    expect(await refusal(FIRST - 1)).to.equal('bad port')
    expect(await refusal(FIRST)).not.to.equal('bad port')
  })
})
