import { expect } from 'chai'
import { freePort } from '../src/free-port'

describe('a free port', () => {
  it('is given to nobody else before a server may have been started on it', async () => {
    const asked = 600
    const ports = new Set<number>()
    for (let n = 0; n < asked; n += 1) ports.add(await freePort())
    expect(ports.size, 'by chance alone some would be given twice').to.equal(asked)
  })
})
