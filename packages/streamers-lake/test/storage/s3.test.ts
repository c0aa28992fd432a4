import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { GetObjectAclCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { describeWithServer, freePort } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import { Lake } from '../../src'
import type { LakeS3Options, RecordedEvent } from '../../src'
import { LakeVersions, ensureLake } from '../../src/manifest'
import { storageAt } from '../../src/storage'
import { s3Error } from '../../src/storage/s3-error'
import { recorded } from '../support/events'
import { draftOf } from '../support/made-lake'
import { clientFor, newBucket } from '../support/s3'

const failureOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => Promise.reject(new Error('It succeeded.')),
    (thrown: unknown) => String(thrown)
  )

/** Makes a lake of two segments. */
async function makeLake(s3: LakeS3Options): Promise<void> {
  const storage = storageAt({ s3 })
  await ensureLake(storage, () => storage.isForeign())
  const versions = new LakeVersions(storage)
  for (const from of [1, 4]) await versions.commit(draftOf([0, 1, 2].map((n) => recorded(from + n))))
  await storage.close()
}

/** Stands before an S3 service and leaves a header out of what it is asked. */
async function withoutHeader(target: string, left: string): Promise<Server> {
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const kept = Object.entries(request.headers).filter(
      ([name]) => ![left, 'host', 'connection', 'content-length', 'expect'].includes(name)
    )
    const body = chunks.length === 0 ? undefined : Buffer.concat(chunks)
    const headers = Object.fromEntries(kept) as Record<string, string>
    const answer = await fetch(`${target}${request.url}`, { method: request.method, headers, body })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/xml' })
    response.end(Buffer.from(await answer.arrayBuffer()))
  }
  const server = createServer((request, response) => {
    forward(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

describe('a lake in S3', function () {
  this.timeout(60_000)

  it('takes a bucket or a path of s3://, and not both or neither', () => {
    for (const options of [
      {},
      { path: 'lake', s3: { bucket: 'event-lake' } },
      { path: 's3://' },
      { path: 's3://UPPER/lake' },
      { s3: { bucket: 'event-lake', prefix: '../others' } },
      { s3: { bucket: 'event-lake', endpoint: 'http://user:secret@host' } },
    ])
      expect(() => Lake.with(options), JSON.stringify(options))
        .to.throw(/OPTION_INVALID/)
        .and.not.match(/secret/)
    Lake.with({ path: 's3://event-lake/of/the shop' })
  })

  it('names the region of the bucket where another one is asked', () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    const redirected = Object.assign(new Error('The bucket must be addressed using the specified endpoint.'), {
      name: 'PermanentRedirect',
      $response: { headers: { 'x-amz-bucket-region': 'eu-central-1' } },
    })
    const malformed = Object.assign(
      new Error("The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'"),
      { name: 'AuthorizationHeaderMalformed' }
    )
    expect(String(s3Error(redirected, 'Reading', 's3://b/lake.json'))).to.match(/STORAGE_UNAVAILABLE.*eu-central-1/)
    expect(String(s3Error(malformed, 'Reading', 's3://b/lake.json'))).to.match(/is in the region eu-west-1/)
  })

  it('names the endpoint that does not answer', async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
    const lake = Lake.with({ s3: { bucket: 'event-lake', region: 'eu-west-1', endpoint, credentials } })
    expect(await failureOf(lake.info())).to.match(/STORAGE_UNAVAILABLE.*s3:\/\/event-lake\/lake.json.*Nothing listens/)
    await lake.close()
  })

  describeWithServer('moto', (server) => {
    it('is read, queried by SQL and verified as one in a folder', async () => {
      const s3 = await newBucket(server().url)
      await makeLake(s3)
      const lake = Lake.with({ s3 })
      const events: RecordedEvent[] = []
      for await (const event of lake.read({ type: 'PostCreated' })) events.push(event)
      expect(events.map(({ position }) => position)).to.deep.equal([1, 2, 3, 4, 5, 6])
      const rows: object[] = []
      for await (const row of lake.query("SELECT count(*) AS n, max(payload->>'postId') AS last FROM events"))
        rows.push(row)
      expect(rows).to.deep.equal([{ n: 6, last: 'post-6' }])
      for await (const fault of lake.verify()) throw new Error(fault.message)
      expect(await lake.info()).to.deep.include({ place: `s3://${s3.bucket}/${s3.prefix}`, events: 6, segments: 2 })
      await lake.close()
    })

    it('has no object that is public or not encrypted', async () => {
      const s3 = await newBucket(server().url)
      await makeLake(s3)
      const client = clientFor(s3)
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: s3.bucket }))
      expect(Contents).to.have.length(7)
      for (const { Key } of Contents) {
        const { ServerSideEncryption } = await client.send(new HeadObjectCommand({ Bucket: s3.bucket, Key }))
        expect(ServerSideEncryption, Key).to.equal('AES256')
        const { Grants = [] } = await client.send(new GetObjectAclCommand({ Bucket: s3.bucket, Key }))
        expect(
          Grants.filter(({ Grantee }) => Grantee?.URI !== undefined),
          Key
        ).to.deep.equal([])
      }
      client.destroy()
    })

    it('is not made where the service ignores conditional puts', async () => {
      const s3 = await newBucket(server().url)
      const proxy = await withoutHeader(server().url, 'if-none-match')
      const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
      const storage = storageAt({ s3: { ...s3, endpoint } })
      const failure = await failureOf(ensureLake(storage, () => storage.isForeign()))
      expect(failure).to.match(/STORAGE_UNAVAILABLE.*ignores conditional puts/)
      expect(await storage.list('')).to.deep.equal([])
      await storage.close()
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
    })

    it('names the bucket that is missing, and where there is no lake', async () => {
      const s3 = await newBucket(server().url)
      const missing = Lake.with({ s3: { ...s3, bucket: 'no-such-bucket' } })
      expect(await failureOf(missing.info())).to.match(/STORAGE_UNAVAILABLE.*s3:\/\/no-such-bucket.*Create the bucket/)
      const empty = Lake.with({ s3 })
      expect(await failureOf(empty.info())).to.match(/STORAGE_FOREIGN.*no lake/)
      await Promise.all([missing.close(), empty.close()])
    })

    it('names credentials that are not known', async () => {
      const s3 = await newBucket(server().url)
      // From its next request on, Moto checks who asks: https://docs.getmoto.org/en/latest/docs/iam.html
      await fetch(`${server().url}/moto-api/reset-auth`, { method: 'POST', body: '0' })
      try {
        const lake = Lake.with({ s3 })
        expect(await failureOf(lake.info())).to.match(/STORAGE_UNAVAILABLE.*Correct the credentials/)
        await lake.close()
      } finally {
        await fetch(`${server().url}/moto-api/reset-auth`, { method: 'POST', body: '1e9' })
      }
    })
  })
})
