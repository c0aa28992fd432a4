import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { expect } from 'chai'
import { TcpProxy } from '../src'
import { eventually } from '../../streamers/test/support/eventually'

const LIMIT_MS = 10_000

/** A client of an echo server: what it was answered, and whether its connection is over. */
class Client {
  public answer = ''
  public over = false
  private readonly socket: Socket

  public constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1' })
    this.socket.on('data', (bytes) => (this.answer += bytes.toString()))
    this.socket.on('error', () => undefined)
    this.socket.on('close', () => (this.over = true))
  }

  public say(text: string): void {
    this.socket.write(text)
  }

  public end(): void {
    this.socket.destroy()
  }
}

describe('a TCP proxy', () => {
  const heard: string[] = []
  const sockets = new Set<Socket>()
  const clients: Client[] = []
  let server: Server
  let proxy: TcpProxy

  beforeEach(async () => {
    heard.length = 0
    server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('data', (bytes) => {
        heard.push(bytes.toString())
        socket.write(bytes)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    proxy = await TcpProxy.to({ port: (server.address() as AddressInfo).port })
  })

  afterEach(async () => {
    clients.splice(0).forEach((client) => client.end())
    await proxy.close()
    await proxy.close()
    sockets.forEach((socket) => socket.destroy())
    await new Promise((resolve) => server.close(resolve))
  })

  const client = (): Client => {
    const made = new Client(proxy.port)
    clients.push(made)
    return made
  }
  const answered = (one: Client, text: string): Promise<void> =>
    eventually(
      () => one.answer === text,
      () => `The answer '${text}', not '${one.answer}'`,
      LIMIT_MS
    )
  const over = (one: Client): Promise<void> =>
    eventually(
      () => one.over,
      () => 'The end of the connection',
      LIMIT_MS
    )

  it('passes bytes in both directions', async () => {
    const one = client()
    one.say('hello')
    await answered(one, 'hello')
    expect(proxy.connections).to.equal(1)
    one.end()
    await eventually(
      () => proxy.connections === 0,
      () => 'No connection',
      LIMIT_MS
    )
  })

  it('cuts what is there, and takes what comes', async () => {
    const one = client()
    one.say('a')
    await answered(one, 'a')
    proxy.cut()
    await over(one)
    const next = client()
    next.say('b')
    await answered(next, 'b')
  })

  it('refuses what comes until it is healed', async () => {
    proxy.refuse()
    const one = client()
    one.say('a')
    await over(one)
    expect(heard).to.deep.equal([])
    proxy.heal()
    const next = client()
    next.say('b')
    await answered(next, 'b')
  })

  it('swallows both directions, or one; half-open connections are cut when it is healed', async () => {
    const one = client()
    one.say('a')
    await answered(one, 'a')
    proxy.swallow()
    one.say('b')
    proxy.swallow('down')
    one.say('c')
    await eventually(
      () => heard.join('').endsWith('c'),
      () => `A 'c', not '${heard.join('')}'`,
      LIMIT_MS
    )
    expect(one.answer).to.equal('a')
    expect(one.over).to.equal(false)
    proxy.heal()
    await over(one)
  })

  it('delays a direction', async () => {
    const one = client()
    one.say('a')
    await answered(one, 'a')
    proxy.delay(300, 'down')
    const begun = Date.now()
    one.say('b')
    await answered(one, 'ab')
    expect(Date.now() - begun).to.be.greaterThan(250)
  })

  it('loses one answer: what was sent has arrived, and the connection is cut', async () => {
    const one = client()
    one.say('a')
    await answered(one, 'a')
    const lost = proxy.loseNextAnswer()
    one.say('b')
    await over(one)
    await lost
    expect(one.answer).to.equal('a')
    expect(heard.join('')).to.equal('ab')
    const next = client()
    next.say('c')
    await answered(next, 'c')
  })

  it('loses the answer to what is meant, on its connection alone', async () => {
    const one = client()
    const other = client()
    const lost = proxy.loseNextAnswer((request) => request.toString().startsWith('!'))
    other.say('a')
    await answered(other, 'a')
    one.say('!')
    await over(one)
    await lost
    other.say('!')
    await answered(other, 'a!')
    expect(heard.join('')).to.equal('a!!')
  })

  it('keeps the order of what is delayed when the delay ends', async () => {
    const one = client()
    one.say('a')
    await answered(one, 'a')
    proxy.delay(300, 'down')
    one.say('b')
    await eventually(
      () => heard.join('') === 'ab',
      () => `An 'ab', not '${heard.join('')}'`,
      LIMIT_MS
    )
    proxy.heal()
    one.say('c')
    await answered(one, 'abc')
  })

  it('cuts those whose server is not there', async () => {
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      sockets.forEach((socket) => socket.destroy())
    })
    const one = client()
    await over(one)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
})
