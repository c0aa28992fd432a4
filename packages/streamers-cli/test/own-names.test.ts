import { createServer, request } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { answerOwnNamesOnly } from '../src/own-names'

const FRIEND = 'http://localhost:5173'

describe('a development server', () => {
  let server: Server
  let undo: () => void
  let port: number
  let reached = 0

  before(async () => {
    undo = answerOwnNamesOnly({ origins: [FRIEND] })
    server = createServer((_, response) => {
      reached += 1
      response.setHeader('Access-Control-Allow-Origin', '*')
      response.end('answered')
    })
    server.on('upgrade', (_, socket) => {
      reached += 1
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  after(async () => {
    undo()
    await new Promise((resolve) => server.close(resolve))
  })
  beforeEach(() => (reached = 0))

  const upgrade = { connection: 'Upgrade', upgrade: 'websocket' }

  for (const [what, headers] of [
    ['for a name that was rebound to this machine', { host: 'evil.example' }],
    ['for a name that begins like its own', { host: 'localhost.evil.example' }],
    ['of a page from elsewhere', { origin: 'https://evil.example' }],
    ['of a page that hides where it is from', { origin: 'null' }],
    ['of a page of another server on this machine', { origin: 'http://localhost:1' }],
    ['of an image on a page from elsewhere', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ] as const) {
    it(`refuses a request ${what}`, async () => {
      const { statusCode, headers: answer } = await ask(headers)
      expect(statusCode).to.equal(403)
      expect(answer).not.to.have.property('access-control-allow-origin')
      expect((await ask({ ...headers, ...upgrade })).statusCode).to.equal(403)
      expect((await ask(headers, 'POST')).statusCode).to.equal(403)
      expect((await ask({ ...headers, expect: '100-continue' }, 'POST')).statusCode).to.equal(403)
      expect(reached).to.equal(0)
    })
  }

  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    it(`answers as ${host}, and its own pages`, async () => {
      const own = { host: `${host}:${port}` }
      for (const headers of [own, { ...own, origin: `http://localhost:${port}` }]) {
        const { statusCode, headers: answer } = await ask(headers)
        expect(statusCode).to.equal(200)
        expect(answer).not.to.have.property('access-control-allow-origin')
        expect((await ask({ ...headers, ...upgrade })).statusCode).to.equal(101)
      }
    })
  }

  it('answers pages of an origin that is allowed, and names it', async () => {
    const { statusCode, headers } = await ask({ origin: FRIEND })
    expect(statusCode).to.equal(200)
    expect(headers).to.include({ 'access-control-allow-origin': FRIEND, vary: 'Origin' })
  })

  it('answers a link that was followed from elsewhere', async () => {
    const { statusCode } = await ask({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })
    expect(statusCode).to.equal(200)
  })

  function ask(headers: OutgoingHttpHeaders, method = 'GET'): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const asked = request({
        port,
        host: '127.0.0.1',
        method,
        agent: false,
        headers: { host: `127.0.0.1:${port}`, ...headers },
      })
      asked.once('response', (response) => resolve(response.resume()))
      asked.once('upgrade', (response, socket) => {
        socket.destroy()
        resolve(response)
      })
      asked.once('error', reject)
      asked.end()
    })
  }
})
