import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { listenOnLoopback, onLoopback } from '../src/loopback'

const done = (): void => undefined

describe('listening on loopback', () => {
  const cases: readonly [string, readonly unknown[], readonly unknown[]][] = [
    ['a port', [80], [80, '127.0.0.1']],
    ['a port in a text', ['80', done], ['80', '127.0.0.1', done]],
    ['a port and a callback', [80, done], [80, '127.0.0.1', done]],
    ['a port, a backlog and a callback', [80, 511, done], [80, '127.0.0.1', 511, done]],
    ['a port and an undefined host', [80, undefined, done], [80, '127.0.0.1', done]],
    ['a port and an empty host', [80, '', done], [80, '127.0.0.1', done]],
    ['nothing', [], [0, '127.0.0.1']],
    ['a callback alone', [done], [0, '127.0.0.1', done]],
    ['an undefined port', [undefined, done], [0, '127.0.0.1', done]],
    ['options', [{ port: 80 }, done], [{ port: 80, host: '127.0.0.1' }, done]],
    ['options with an undefined port', [{ port: undefined }], [{ port: 0, host: '127.0.0.1' }]],
    ['options with an empty host', [{ port: 80, host: '' }], [{ port: 80, host: '127.0.0.1' }]],
  ]
  for (const [what, given, expected] of cases) {
    it(`fills the host in: ${what}`, () => expect(onLoopback(given)).to.deep.equal(expected))
  }

  const left: readonly [string, readonly unknown[]][] = [
    ['a host', [80, '127.0.0.2', done]],
    ['options with a host', [{ port: 80, host: '::1' }]],
    ['a path', ['/tmp/socket', done]],
    ['options with a path', [{ path: '/tmp/socket' }]],
    ['a handle', [{ fd: 3 }]],
  ]
  for (const [what, given] of left) {
    it(`leaves alone what names ${what}`, () => expect(onLoopback(given)).to.deep.equal(given))
  }

  it('holds for every server of the process, until it is undone', async () => {
    const inherited = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(createServer()), 'listen')
    const undo = listenOnLoopback()
    const server = createServer()
    try {
      await new Promise<void>((resolve) => server.listen(0, resolve))
      expect((server.address() as AddressInfo).address).to.equal('127.0.0.1')
    } finally {
      undo()
      await new Promise((resolve) => server.close(resolve))
    }
    expect(Object.getOwnPropertyDescriptor(Object.getPrototypeOf(createServer()), 'listen')).to.deep.equal(inherited)
  })
})
