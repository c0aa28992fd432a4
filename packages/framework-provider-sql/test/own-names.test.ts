import { request } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { BoosterConfig } from '@boostercloud/framework-types'
import { optionsOf } from '../src/options'
import type { SqlProviderOptions } from '../src/options'
import { eventually } from '../../streamers/test/support/eventually'
import { CountingApp } from './support/counting-app'
import type { CountingProcess } from './support/counting-app'

const FRIEND = 'https://shop.example'
const EVIL = 'http://evil.example'

describe('a service that is started without the command', function () {
  this.timeout(120_000)
  let app: CountingApp

  before(async () => {
    app = await CountingApp.build()
  })
  after(async () => app.remove())

  describe('by default', () => {
    let service: CountingProcess

    before(async () => {
      service = await listening(await app.start())
    })
    after(async () => app.reset())

    const attacks: readonly (readonly [string, OutgoingHttpHeaders])[] = [
      ['asks by a name that was rebound to this machine', { host: 'evil.example' }],
      ['is a page from elsewhere', { origin: EVIL }],
      ['is an image on a page from elsewhere', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ]
    for (const [what, headers] of attacks) {
      it(`refuses over HTTP who ${what}`, async () => {
        for (const path of ['/graphql', '/sensor/health/']) {
          for (const method of ['GET', 'POST', 'OPTIONS']) {
            const answer = await ask(service.port, { method, path, headers })
            expect(answer.statusCode, `${method} ${path}`).to.equal(403)
            expect(answer.headers).not.to.have.property('access-control-allow-origin')
            expect(await text(answer)).to.contain('config.sqlProvider.http')
          }
        }
      })

      it(`refuses a websocket to who ${what}`, async () => {
        expect(
          (await ask(service.socketPort, { path: '/websocket', headers: { ...headers, ...UPGRADE } })).statusCode
        ).to.equal(403)
      })
    }

    it('refuses what a page from elsewhere asks before it sends a command (preflight)', async () => {
      const headers = {
        origin: EVIL,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      }
      const answer = await ask(service.port, { method: 'OPTIONS', path: '/graphql', headers })
      expect(answer.statusCode).to.equal(403)
      expect(answer.headers).not.to.have.property('access-control-allow-origin')
    })

    it('answers its own names and pages, and names no origin', async () => {
      for (const headers of [{}, { host: `localhost:${service.port}`, origin: `http://localhost:${service.port}` }]) {
        const answer = await ask(service.port, { path: '/sensor/health/', headers })
        expect(answer.statusCode).to.equal(200)
        expect(answer.headers).not.to.have.property('access-control-allow-origin')
      }
      expect((await ask(service.socketPort, { path: '/websocket', headers: UPGRADE })).statusCode).to.equal(101)
    })
  })

  it('answers the further names and pages that its options allow, and no others', async () => {
    const http = { hosts: ['orders.example'], origins: [FRIEND] }
    const service = await listening(await app.start({ sqlProvider: { http } }))
    const path = '/sensor/health/'
    const answer = await ask(service.port, { path, headers: { host: 'orders.example', origin: FRIEND } })
    expect(answer.statusCode).to.equal(200)
    expect(answer.headers['access-control-allow-origin']).to.equal(FRIEND)
    const preflight = { origin: FRIEND, 'access-control-request-method': 'POST' }
    expect((await ask(service.port, { method: 'OPTIONS', path: '/graphql', headers: preflight })).headers).to.include({
      'access-control-allow-origin': FRIEND,
    })
    const socket = { path: '/websocket', headers: { ...UPGRADE, origin: FRIEND } }
    expect((await ask(service.socketPort, socket)).statusCode).to.equal(101)
    expect((await ask(service.port, { path, headers: { origin: EVIL } })).statusCode).to.equal(403)
    expect((await ask(service.port, { path, headers: { host: 'evil.example' } })).statusCode).to.equal(403)
    await app.reset()
  })

  const WRONG: readonly SqlProviderOptions['http'][] = [
    { hosts: ['orders.example:3000'] },
    { hosts: ['http://orders.example'] },
    { hosts: ['Orders.example'] },
    { origins: ['shop.example'] },
    { origins: ['https://shop.example/'] },
  ]
  for (const http of WRONG) {
    it(`refuses the option ${JSON.stringify(http)}`, () => {
      const config = new BoosterConfig('local')
      config.sqlProvider = { http }
      expect(() => optionsOf(config))
        .to.throw()
        .that.satisfies((error: unknown) => isStreamerError(error, 'OPTION_INVALID'))
    })
  }
})

/** Booster's provider does not wait until its server listens. */
async function listening(service: CountingProcess): Promise<CountingProcess> {
  await eventually(async () => ask(service.port, { path: '/', headers: {} }).then(isThere, isNotThere))
  return service
}

const isThere = (answer: IncomingMessage): boolean => Boolean(answer.resume())
const isNotThere = (): boolean => false

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

interface Asked {
  readonly path: string
  readonly method?: string
  readonly headers: OutgoingHttpHeaders
}

async function ask(port: number, { path, method = 'GET', headers }: Asked): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({
      port,
      host: '127.0.0.1',
      path,
      method,
      agent: false,
      headers: { host: `127.0.0.1:${port}`, ...headers },
    })
    asked.once('response', resolve)
    asked.once('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response)
    })
    asked.once('error', reject)
    asked.end()
  })
}
