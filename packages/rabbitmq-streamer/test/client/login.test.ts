import { expect } from 'chai'
import { RabbitMQStreamer } from '../../src'
import { loginOf } from '../../src/client/login'

const passwordOf = (url: string): unknown => loginOf(url, 'password')

describe('who a client of RabbitMQ is', () => {
  it('is what the URL says as UTF-8, percent-encoded or not', () => {
    for (const [url, username, password] of [
      ['amqp://blog:secret@localhost', 'blog', 'secret'],
      ['amqp://zo%C3%AB:%F0%9F%94%91@localhost', 'zoë', '🔑'],
      ['amqp://zoë:🔑@localhost', 'zoë', '🔑'],
      ['amqp://blog@localhost', 'blog', ''],
      ['amqp://a%25:%2525@localhost', 'a%', '%25'],
    ])
      expect(passwordOf(url), url).to.include({ mechanism: 'PLAIN', username, password })
  })

  it('is read as Latin-1 where its percent-encoding is no UTF-8', () => {
    expect(passwordOf('amqp://zo%EB:100%@localhost')).to.include({ username: 'zoë', password: '100%' })
  })

  it('is guest where the URL has nobody, and what its certificate says where the options say so', () => {
    expect(passwordOf('amqp://localhost')).to.include({ username: 'guest', password: 'guest' })
    expect(loginOf('amqp://blog:secret@localhost', 'certificate')).to.include({ mechanism: 'EXTERNAL' })
  })

  it('is not asked of a function any more when the streamer is closed, however many servers there are', async () => {
    let asked = 0
    const streamer = RabbitMQStreamer.with({
      urls: ['amqp://127.0.0.1:1', 'amqp://127.0.0.1:2', 'amqp://127.0.0.1:3'],
      connectTimeoutMs: 300,
      credentials: () => {
        asked += 1
        return new Promise(() => undefined)
      },
    })
    const polled = streamer.poll('posts').catch((error: { code: string }) => error.code)
    while (asked === 0) await new Promise(setImmediate)
    await streamer.close()
    expect([await polled, asked]).to.deep.equal(['CLOSED', 1])
  })
})
