import { Server, createServer, request } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { text as textOf } from 'node:stream/consumers'
import { expect } from 'chai'
import { answerOwnNamesOnly, mayAsk } from '../src'

const FRIEND = 'http://localhost:5173'
const NAME = 'orders.example'

/** The ways in which an app may say that every page may ask. */
const answers = {
  '/': (response: ServerResponse) => response.setHeader('Access-Control-Allow-Origin', '*').end('answered'),
  '/head': (response: ServerResponse) => response.writeHead(200, { 'access-control-allow-origin': '*', a: '1' }).end(),
  '/said': (response: ServerResponse) =>
    response.writeHead(200, 'Fine', ['Access-Control-Allow-Origin', '*', 'a', '1']).end(),
  '/write': (response: ServerResponse) => {
    response.appendHeader('Access-Control-Allow-Origin', '*').write('answered')
    response.end()
  },
}

describe('a server that is asked by its own names', () => {
  let server: Server
  let undo: () => void
  let port: number
  let reached = 0

  before(async () => {
    undo = answerOwnNamesOnly(Server.prototype, { origins: [FRIEND], hosts: [NAME] }, 'Use --cors.')
    server = createServer((asked, response) => {
      reached += 1
      answers[asked.url as keyof typeof answers](response)
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

  it('says why it refuses, and what to do', async () => {
    expect(await textOf(await ask({ origin: 'https://evil.example' }))).to.match(/^Refused.*\nUse --cors\.$/s)
  })

  it('refuses what a page from elsewhere asks before it asks (preflight)', async () => {
    const preflight = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    const { statusCode, headers } = await ask(preflight, 'OPTIONS')
    expect(statusCode).to.equal(403)
    expect(headers).not.to.have.property('access-control-allow-origin')
  })

  for (const host of ['localhost', 'shop.localhost', '127.0.0.1', '[::1]', '192.0.2.1', hostname(), NAME]) {
    it(`answers as ${host}, and its own pages`, async () => {
      const own = { host: `${host}:${port}` }
      for (const headers of [own, { ...own, origin: `http://${host}:${port}` }]) {
        const { statusCode, headers: answer } = await ask(headers)
        expect(statusCode).to.equal(200)
        expect(answer).not.to.have.property('access-control-allow-origin')
        expect((await ask({ ...headers, ...upgrade })).statusCode).to.equal(101)
      }
    })
  }

  for (const path of Object.keys(answers)) {
    it(`answers pages of an origin that is allowed at ${path}, and names it and nobody else`, async () => {
      const { statusCode, headers } = await ask({ origin: FRIEND }, 'GET', path)
      expect(statusCode).to.equal(200)
      expect(headers).to.include({ 'access-control-allow-origin': FRIEND, vary: 'Origin' })
      expect((await ask({}, 'GET', path)).headers).not.to.have.property('access-control-allow-origin')
    })
  }

  it('keeps the other headers, and the words of the status', async () => {
    const { headers, statusMessage } = await ask({}, 'GET', '/said')
    expect(headers.a).to.equal('1')
    expect(statusMessage).to.equal('Fine')
    expect((await ask({}, 'GET', '/head')).headers.a).to.equal('1')
  })

  it('takes any host and any page where it is told to', () => {
    const asked = { method: 'POST', headers: { host: 'evil.example', origin: 'https://evil.example' } }
    expect(mayAsk(asked, { hosts: '*', origins: '*' })).to.equal(true)
    expect(mayAsk(asked, { hosts: '*' })).to.equal(true)
    expect(mayAsk({ ...asked, headers: { ...asked.headers, host: 'another.example' } }, { hosts: '*' })).to.equal(false)
    expect(mayAsk(asked, { origins: '*' })).to.equal(false)
  })

  it('answers a link that was followed from elsewhere', async () => {
    const { statusCode } = await ask({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })
    expect(statusCode).to.equal(200)
  })

  function ask(headers: OutgoingHttpHeaders, method = 'GET', path = '/'): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const asked = request({
        port,
        host: '127.0.0.1',
        method,
        path,
        agent: false,
        headers: { host: `127.0.0.1:${port}`, ...headers },
      })
      asked.once('response', (response) => resolve(response))
      asked.once('upgrade', (response, socket) => {
        socket.destroy()
        resolve(response)
      })
      asked.once('error', reject)
      asked.end()
    })
  }
})
