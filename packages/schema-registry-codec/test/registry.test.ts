import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { receivedEvent } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { avro } from '../src'
import type { AvroOptions } from '../src'
import { withSchemaId } from '../src/codec/wire-format'
import { bare, failureOf, metadataFor, throughCodec } from './support/messages'
import { Front } from './support/front'
import { plain } from './support/plain'
import { describeWithRegistry } from './support/registry'

const POST = {
  type: 'record',
  name: 'PostCreated',
  namespace: 'com.acme.blog',
  fields: [
    { name: 'postId', type: 'string' },
    { name: 'views', type: 'long', default: 0 },
  ],
}
const EVENT = { postId: 'p1', views: 2n ** 60n }
const FROM = { streamerId: 'main', topic: 'posts', eventId: '1' }

describeWithRegistry((url) => {
  let front: Front
  let topic: string

  beforeEach(async () => {
    front = await Front.start(url())
    topic = `posts-${randomUUID()}`
  })
  afterEach(() => front.stop())

  const codec = (options: Partial<AvroOptions> = {}) => avro({ registry: front.url, ...options })
  const registering = (options: Partial<AvroOptions> = {}) =>
    codec({ schemas: { PostCreated: POST }, autoRegister: true, ...options })

  describe('an event', () => {
    it('arrives as it was, with what CloudEvents say beside it', async () => {
      const metadata = metadataFor('PostCreated', { subject: 'p1', key: 'k', version: 2, headers: { a: 'b' } })
      const message = await registering().encode(EVENT, metadata, topic)
      expect(message).to.include({ contentType: 'application/avro', key: 'k' })
      expect(message.attributes).to.include({ specversion: '1.0', type: 'PostCreated', partitionkey: 'k' })
      const { payload, metadata: received } = await codec().decode(message, topic)
      expect(plain(payload)).to.deep.equal(EVENT)
      expect(received).to.deep.include({ ...metadata, raw: message.body })
    })

    it('without anything beside it has the name of its record as type', async () => {
      const { body } = await registering().encode(EVENT, metadataFor('PostCreated'), topic)
      const { metadata } = await codec().decode(bare(body))
      expect(metadata).to.deep.equal({ type: 'PostCreated', key: undefined, headers: {}, raw: body })
    })

    it('without data has no payload', async () => {
      const { payload } = await codec().decode({
        ...bare(Buffer.alloc(0)),
        attributes: { specversion: '1.0', id: '1' },
      })
      expect(payload).to.equal(undefined)
      await failureOf(() => codec().decode(bare(Buffer.alloc(0))), 'EVENT_UNDECODABLE')
    })

    it('that is no Avro of the registry is undecodable', async () => {
      for (const body of ['{"postId":"p1"}', '\0abc']) {
        const error = await failureOf(() => codec().decode(bare(Buffer.from(body))), 'EVENT_UNDECODABLE')
        expect(error.retryable).to.equal(false)
      }
      expect(front.requests).to.deep.equal([])
    })
  })

  describe('the subject', () => {
    for (const [subjectStrategy, name] of [
      ['topic', (of: string) => `${of}-value`],
      ['record', () => 'com.acme.blog.PostCreated'],
      ['topicRecord', (of: string) => `${of}-com.acme.blog.PostCreated`],
    ] as const) {
      it(`is called as Confluent's ${subjectStrategy} strategy has it`, async () => {
        await throughCodec(registering({ subjectStrategy }), EVENT, 'PostCreated', topic)
        expect(front.requests[0]).to.equal(`POST /subjects/${name(topic)}/versions`)
      })
    }

    it('needs a topic where it is named after one', async () => {
      await failureOf(() => registering().encode(EVENT, metadataFor('PostCreated')), 'TOPIC_MISSING')
    })
  })

  describe('publishing', () => {
    it('registers nothing unless told', async () => {
      const publisher = codec({ schemas: { PostCreated: POST } })
      const error = await failureOf(() => throughCodec(publisher, EVENT, 'PostCreated', topic), 'EVENT_NOT_ENCODABLE')
      expect(error.message).to.contain(`${topic}-value`)
      await throughCodec(registering(), EVENT, 'PostCreated', topic)
      expect(plain((await throughCodec(publisher, EVENT, 'PostCreated', topic)).payload)).to.deep.equal(EVENT)
    })

    it('uses the newest schema of the subject where it is given none', async () => {
      await failureOf(() => throughCodec(codec(), EVENT, 'PostCreated', topic), 'EVENT_NOT_ENCODABLE')
      await throughCodec(registering(), EVENT, 'PostCreated', topic)
      const publisher = codec({ latestMs: 0 })
      await throughCodec(publisher, EVENT, 'PostCreated', topic)
      const fields = [...POST.fields, { name: 'title', type: 'string', default: '' }]
      await throughCodec(registering({ schemas: { PostCreated: { ...POST, fields } } }), EVENT, 'PostCreated', topic)
      const { payload } = await throughCodec(publisher, { ...EVENT, title: 'new' }, 'PostCreated', topic)
      expect(plain(payload)).to.deep.equal({ ...EVENT, title: 'new' })
    })

    it('goes on with the newest schema known while the registry is away', async () => {
      await throughCodec(registering(), EVENT, 'PostCreated', topic)
      const publisher = codec({ latestMs: 0 })
      await throughCodec(publisher, EVENT, 'PostCreated', topic)
      await front.stop()
      expect(plain((await throughCodec(publisher, EVENT, 'PostCreated', topic)).payload)).to.deep.equal(EVENT)
    })

    it('asks once for many events at once', async () => {
      const publisher = registering()
      await Promise.all(Array.from({ length: 50 }, () => throughCodec(publisher, EVENT, 'PostCreated', topic)))
      expect(front.requests.filter((request) => request.startsWith('POST'))).to.have.length(1)
      expect(front.requests.filter((request) => request.startsWith('GET'))).to.have.length(1)
    })

    it('sets how versions must fit, and says when one does not', async () => {
      const strict = { compatibility: 'BACKWARD' } as const
      await throughCodec(registering(strict), EVENT, 'PostCreated', topic)
      const fields = [{ name: 'other', type: 'string' }]
      const breaking = registering({ ...strict, schemas: { PostCreated: { ...POST, fields } } })
      await failureOf(() => throughCodec(breaking, { other: '' }, 'PostCreated', topic), 'EVENT_NOT_ENCODABLE')
      expect(front.requests.filter((request) => request.startsWith('PUT'))).to.have.length(1)
    })

    it('refuses what the schema has no place for, naming the field and not its value', async () => {
      const publisher = registering()
      for (const [event, field] of [
        [{ ...EVENT, secret: 'hunter2' }, 'secret'],
        [{ views: 1 }, 'postId'],
        [{ ...EVENT, views: 'hunter2' }, 'views'],
        [{ ...EVENT, views: 0.5 }, 'views'],
        [{ ...EVENT, views: 2n ** 64n }, 'views'],
        [{ ...EVENT, views: 2 ** 60 }, 'views'],
      ] as const) {
        const work = () => throughCodec(publisher, event, 'PostCreated', topic)
        const { message } = await failureOf(work, 'EVENT_NOT_ENCODABLE')
        expect(message).to.contain(field).and.not.contain('hunter2')
      }
    })

    it('leaves out what is no data of the event', async () => {
      const event = { ...EVENT, nothing: undefined, entityID: () => 'p1' }
      expect(plain((await throughCodec(registering(), event, 'PostCreated', topic)).payload)).to.deep.equal(EVENT)
    })
  })

  describe('a schema id', () => {
    const bodyOf = async () => (await registering().encode(EVENT, metadataFor('PostCreated'), topic)).body

    it('is asked for once, also by many at once', async () => {
      const body = await bodyOf()
      const reader = codec()
      await Promise.all(Array.from({ length: 50 }, async () => reader.decode(bare(body))))
      await reader.decode(bare(body))
      expect(front.requests.filter((request) => request.startsWith('GET'))).to.have.length(1)
    })

    it('that the registry does not have makes a dead letter', async () => {
      const reader = codec()
      for (let tries = 0; tries < 2; tries += 1) {
        const { metadata } = await receivedEvent(reader, bare(withSchemaId(2 ** 31 - 1, Buffer.of(0))), FROM)
        expect(metadata?.undecodable?.code).to.equal('EVENT_UNDECODABLE')
      }
      expect(front.requests).to.have.length(1)
    })

    it('makes no dead letter while the registry is away', async () => {
      const body = await bodyOf()
      const reader = codec()
      await front.stop()
      const error = await failureOf(() => receivedEvent(reader, bare(body), FROM), 'STREAMER_UNAVAILABLE')
      expect(error.retryable).to.equal(true)
      await front.restart()
      expect(plain((await receivedEvent(reader, bare(body), FROM)).eventPayload)).to.deep.equal(EVENT)
    })

    for (const [what, answer] of [
      ['a page that is no registry', [404, 'text/html', '<h1>Not Found</h1>']],
      ['an error', [500, 'application/json', '{"error_code":50001}']],
      ['nonsense', [200, 'application/json', '[]']],
      ['half an answer', [200, 'application/json', '{"schema"']],
      ['an answer without end', [200, 'application/json', ' '.repeat(5_000_000)]],
    ] as const) {
      it(`makes no dead letter where the answer is ${what}`, async () => {
        front.gate = (_, response) => {
          response.writeHead(answer[0], { 'content-type': answer[1] }).end(answer[2])
          return true
        }
        const error = await failureOf(() => codec().decode(bare(withSchemaId(1, Buffer.of(0)))), 'STREAMER_UNAVAILABLE')
        expect(error.retryable).to.equal(true)
      })
    }

    it('is not waited for beyond the time-out', async () => {
      front.gate = () => true
      const patient = codec({ registry: { url: front.url, timeoutMs: 100 } })
      await failureOf(() => patient.decode(bare(withSchemaId(1, Buffer.of(0)))), 'STREAMER_UNAVAILABLE')
    })

    it('is fetched from the host of the options only', async () => {
      const body = await bodyOf()
      const elsewhere = await Front.start(url())
      front.gate = (request, response) => {
        const location = `${new URL(elsewhere.url).origin}${request.url}`
        response.writeHead(302, { location }).end()
        return true
      }
      const message = {
        ...bare(body),
        attributes: { specversion: '1.0', dataschema: `${elsewhere.url}/schemas/ids/1` },
      }
      await failureOf(() => codec().decode(message), 'STREAMER_UNAVAILABLE')
      expect(elsewhere.requests).to.deep.equal([])
      await elsewhere.stop()
    })
  })

  describe('who asks', () => {
    for (const [what, auth, header] of [
      ['a name and a password', { username: 'ann', password: 'p:w' }, `Basic ${btoa('ann:p:w')}`],
      ['a token', { token: 'abc' }, 'Bearer abc'],
    ] as const) {
      it(`says so by ${what}`, async () => {
        front.gate = ({ headers }, response) => {
          if (headers.authorization === header) return false
          response.writeHead(401).end()
          return true
        }
        const registry = { url: front.url, auth }
        await throughCodec(registering({ registry }), EVENT, 'PostCreated', topic)
        const refused = await failureOf(
          () => registering().encode(EVENT, metadataFor('PostCreated'), topic),
          'STREAMER_FORBIDDEN'
        )
        expect(refused.retryable).to.equal(true)
        expect(refused.message).to.not.contain('abc').and.not.contain('p:w')
      })
    }
  })

  it('reaches a registry whose certificate its options vouch for, and no other', async () => {
    const [key, cert] = ['key', 'certificate'].map((name) => readFileSync(join(__dirname, `support/tls/${name}.pem`)))
    const secure = await Front.start(url(), { key, cert })
    try {
      await throughCodec(registering({ registry: { url: secure.url, tls: { ca: cert } } }), EVENT, 'PostCreated', topic)
      const careful = registering({ registry: secure.url })
      const work = () => throughCodec(careful, EVENT, 'PostCreated', topic)
      expect((await failureOf(work, 'STREAMER_UNAVAILABLE')).cause).to.match(/self-signed/)
    } finally {
      await secure.stop()
    }
  })

  it('reads a schema that refers to others', async () => {
    const author = { type: 'record', name: 'Author', namespace: 'com.acme', fields: [{ name: 'name', type: 'string' }] }
    const post = { type: 'record', name: 'Post', namespace: 'com.acme', fields: [{ name: 'by', type: 'Author' }] }
    const register = async (subject: string, body: object): Promise<number> => {
      const headers = { 'content-type': 'application/vnd.schemaregistry.v1+json' }
      const request = { method: 'POST', headers, body: JSON.stringify(body) }
      const response = await fetch(`${url()}/subjects/${subject}/versions`, request)
      return ((await response.json()) as { id: number }).id
    }
    await register(`${topic}-author`, { schema: JSON.stringify(author) })
    const references = [{ name: 'com.acme.Author', subject: `${topic}-author`, version: 1 }]
    await register(`${topic}-value`, { schema: JSON.stringify(post), references })
    const { payload, metadata } = await throughCodec(codec(), { by: { name: 'Ann' } }, 'Post', topic)
    expect(plain(payload)).to.deep.equal({ by: { name: 'Ann' } })
    expect(metadata.type).to.equal('Post')
  })

  it('says which field of the reader schema nobody wrote', async () => {
    const { body } = await registering().encode(EVENT, metadataFor('PostCreated'), topic)
    const readerSchema = { ...POST, fields: [...POST.fields, { name: 'title', type: 'string' }] }
    const { message } = await failureOf(() => codec({ readerSchema }).decode(bare(body)), 'EVENT_UNDECODABLE')
    expect(message).to.contain('no matching field for com.acme.blog.PostCreated.title')
  })

  it('meets what @kafkajs/confluent-schema-registry writes and reads', async () => {
    const { body } = await registering().encode({ postId: 'p1', views: 7 }, metadataFor('PostCreated'), topic)
    const theirs = new SchemaRegistry({ host: url() })
    expect(plain(await theirs.decode(Buffer.from(body)))).to.deep.equal({ postId: 'p1', views: 7 })
    const id = Buffer.from(body).readInt32BE(1)
    const written = await theirs.encode(id, { postId: 'p2' })
    expect(plain((await codec().decode(bare(written))).payload)).to.deep.equal({ postId: 'p2', views: 0 })
  })
})
