import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { GetObjectCommandOutput, S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import { fetchFiles } from './fetched-files'
import { FileGone } from './lake-storage'
import type { LakeStorage, PinnedFiles, StoredFile, StoredName } from './lake-storage'
import { ignoresConditions, isContended, isMissingObject, isOutOfRange, isThereAlready, s3Error } from './s3-error'
import { s3Package } from './s3-package'

/** What tells where a lake is in S3, and as whom it is read. */
export interface S3Place {
  readonly bucket: string
  readonly prefix?: string
  readonly region?: string
  readonly endpoint?: string
  readonly credentials?: S3ClientConfig['credentials']
  readonly encryption?: 'AES256' | 'aws:kms' | 'bucket'
  readonly kmsKeyId?: string
}

/** An attempt that is not answered ends; milliseconds. */
const TIMEOUTS = { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true } as const
/** The end of a file, which is read when it is opened: what a Parquet file says of itself is there. */
const TAIL_BYTES = 65_536
/** How often a put is tried that another one of the same object is in the way of. */
const MOST_TRIES = 10
/** Where it is tried whether the service has conditional puts. */
const PROBES = 'probes'
/** What a process may leave that dies while it makes a lake. */
const OWN = new Set(['lake.json', `${PROBES}/`])

/**
 * A lake in a bucket of S3. An object appears whole or not at all, and a conditional put (`If-None-Match: *`) creates it for one writer only. A service that
 * ignores the condition is refused before anything is written. Objects get no ACL, so only who may read the bucket reads them, and are encrypted by S3.
 */
export class S3Storage implements LakeStorage {
  public readonly place: string
  private readonly prefix: string
  private made?: S3Client
  private checking?: Promise<void>

  public constructor(private readonly at: S3Place) {
    const prefix = (at.prefix ?? '').replace(/^\/+|\/+$/g, '')
    this.prefix = prefix === '' ? '' : `${prefix}/`
    this.place = `s3://${at.bucket}${prefix === '' ? '' : `/${prefix}`}`
  }

  public async create(path: string, bytes: Uint8Array): Promise<boolean> {
    await this.checked()
    return this.attempt('Writing', path, () => this.putNew(path, bytes))
  }

  public async read(path: string): Promise<Uint8Array | undefined> {
    return this.attempt('Reading', path, async () => (await this.get(path))?.Body?.transformToByteArray())
  }

  public async open(path: string): Promise<StoredFile | undefined> {
    return this.attempt('Opening', path, async () => {
      const found = await this.get(path, `bytes=-${TAIL_BYTES}`).catch((thrown: unknown) => {
        if (isOutOfRange(thrown)) return 'empty' as const
        throw thrown
      })
      if (found === undefined) return undefined
      const tail = found === 'empty' ? new Uint8Array() : await bytesOf(found)
      const total = found === 'empty' ? 0 : (totalOf(found.ContentRange) ?? tail.byteLength)
      return new S3File(total, tail, (start, end) => this.range(path, start, end))
    })
  }

  public async list(folder: string): Promise<StoredName[]> {
    const { ListObjectsV2Command } = s3Package()
    return this.attempt('Listing', folder, async () => {
      const found: StoredName[] = []
      for (let more: string | undefined, isFirst = true; isFirst || more !== undefined; isFirst = false) {
        const asked = { Bucket: this.at.bucket, Prefix: this.key(`${folder}/`), ContinuationToken: more }
        const { Contents = [], NextContinuationToken } = await this.client.send(new ListObjectsV2Command(asked))
        for (const { Key = '', Size = 0, LastModified = new Date() } of Contents)
          found.push({ path: Key.slice(this.prefix.length), bytes: Size, modifiedAt: LastModified })
        more = NextContinuationToken
      }
      return found
    })
  }

  public async move(from: string, to: string): Promise<boolean> {
    const { CopyObjectCommand } = s3Package()
    return this.attempt('Moving', to, async () => {
      const { bucket: Bucket } = this.at
      const source = [Bucket, ...this.key(from).split('/')].map(encodeURIComponent).join('/')
      try {
        await this.client.send(
          new CopyObjectCommand({ Bucket, Key: this.key(to), CopySource: source, ...this.encryption })
        )
      } catch (thrown) {
        if (!isMissingObject(thrown)) throw thrown
        // Another process may have moved it meanwhile.
        return this.exists(to)
      }
      await this.delete(from)
      return true
    })
  }

  /** They are fetched: an engine reads a bucket only by an extension, which would have to be downloaded. */
  public async pin(files: readonly (readonly string[])[]): Promise<PinnedFiles> {
    return fetchFiles(files, (path) => this.attempt('Reading', path, async () => (await this.get(path))?.Body))
  }

  /** What was fetched is on the machines that read it, until their queries end. */
  public async unpin(): Promise<void> {
    await Promise.resolve()
  }

  public async remove(path: string): Promise<void> {
    await this.attempt('Removing', path, () => this.delete(path))
  }

  /** An object that was not written whole never was. */
  public async tidy(olderThanMs: number): Promise<void> {
    for (const { path, modifiedAt } of await this.list(PROBES))
      if (Date.now() - modifiedAt.getTime() > olderThanMs) await this.remove(path)
  }

  public async isForeign(): Promise<boolean> {
    const { ListObjectsV2Command } = s3Package()
    return this.attempt('Listing', '', async () => {
      const asked = { Bucket: this.at.bucket, Prefix: this.prefix, Delimiter: '/', MaxKeys: 10 }
      const { Contents = [], CommonPrefixes = [] } = await this.client.send(new ListObjectsV2Command(asked))
      const keys = [...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix)]
      // Consoles make an empty object for a folder.
      return keys.map((key = '') => key.slice(this.prefix.length)).some((name) => name !== '' && !OWN.has(name))
    })
  }

  public async close(): Promise<void> {
    this.made?.destroy()
    this.made = undefined
    await Promise.resolve()
  }

  private get client(): S3Client {
    const { region, endpoint, credentials } = this.at
    const isElsewhere = endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL
    this.made ??= new (s3Package().S3Client)({
      requestHandler: TIMEOUTS,
      ...(region && { region }),
      ...(endpoint && { endpoint }),
      ...(credentials && { credentials }),
      forcePathStyle: isElsewhere !== undefined,
    })
    return this.made
  }

  private get encryption(): { ServerSideEncryption?: 'AES256' | 'aws:kms'; SSEKMSKeyId?: string } {
    const { kmsKeyId, encryption = kmsKeyId === undefined ? 'AES256' : 'aws:kms' } = this.at
    if (encryption === 'bucket') return {}
    return { ServerSideEncryption: encryption, ...(kmsKeyId !== undefined && { SSEKMSKeyId: kmsKeyId }) }
  }

  private key(path: string): string {
    return `${this.prefix}${path}`
  }

  private async get(path: string, range?: string): Promise<GetObjectCommandOutput | undefined> {
    const { GetObjectCommand } = s3Package()
    try {
      return await this.client.send(
        new GetObjectCommand({ Bucket: this.at.bucket, Key: this.key(path), ...(range && { Range: range }) })
      )
    } catch (thrown) {
      if (isMissingObject(thrown)) return undefined
      throw thrown
    }
  }

  private async range(path: string, start: number, end: number): Promise<Uint8Array> {
    return this.attempt('Reading', path, async () => {
      const found = await this.get(path, `bytes=${start}-${end - 1}`)
      if (found === undefined) throw new FileGone('The object was moved or removed.')
      return bytesOf(found)
    })
  }

  private async exists(path: string): Promise<boolean> {
    const found = await this.get(path, 'bytes=0-0')
    await found?.Body?.transformToByteArray()
    return found !== undefined
  }

  /** Puts an object that is not there yet. False where it is. */
  private async putNew(path: string, bytes: Uint8Array): Promise<boolean> {
    const { PutObjectCommand } = s3Package()
    const put = { Bucket: this.at.bucket, Key: this.key(path), Body: bytes, IfNoneMatch: '*', ...this.encryption }
    for (let tries = 1; ; tries += 1) {
      try {
        await this.client.send(new PutObjectCommand(put))
        return true
      } catch (thrown) {
        if (isThereAlready(thrown)) return false
        if (!isContended(thrown) || tries >= MOST_TRIES) throw thrown
        await pause(Math.random() * 50 * tries)
      }
    }
  }

  private async delete(path: string): Promise<void> {
    const { DeleteObjectCommand } = s3Package()
    await this.client.send(new DeleteObjectCommand({ Bucket: this.at.bucket, Key: this.key(path) }))
  }

  /** Tries once, before the first object is written, whether the service has conditional puts. */
  private async checked(): Promise<void> {
    this.checking ??= this.check()
    try {
      await this.checking
    } catch (thrown) {
      this.checking = undefined
      throw thrown
    }
  }

  private async check(): Promise<void> {
    const probe = `${PROBES}/${randomUUID()}`
    const bytes = Buffer.from('Whether a second put is refused.\n')
    await this.attempt('Trying conditional puts', probe, async () => {
      await this.putNew(probe, bytes)
      const isTwice = await this.putNew(probe, bytes)
      await this.delete(probe)
      if (isTwice) throw ignoresConditions(this.place)
    })
  }

  private async attempt<T>(what: string, path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (thrown) {
      throw s3Error(thrown, what, `${this.place}/${path}`)
    }
  }
}

class S3File implements StoredFile {
  public constructor(
    public readonly bytes: number,
    private readonly tail: Uint8Array,
    private readonly range: (start: number, end: number) => Promise<Uint8Array>
  ) {}

  public async slice(start: number, end: number): Promise<Uint8Array> {
    const [from, to] = [Math.max(0, start), Math.min(end, this.bytes)]
    if (from >= to) return new Uint8Array()
    const tailFrom = this.bytes - this.tail.byteLength
    return from >= tailFrom ? this.tail.subarray(from - tailFrom, to - tailFrom) : this.range(from, to)
  }

  public async close(): Promise<void> {
    await Promise.resolve()
  }
}

async function bytesOf({ Body }: GetObjectCommandOutput): Promise<Uint8Array> {
  return (await Body?.transformToByteArray()) ?? new Uint8Array()
}

/** The size of an object, by the range of it that was answered, as `bytes 0-9/100`. */
function totalOf(range: string | undefined): number | undefined {
  const total = /\/(\d+)$/.exec(range ?? '')?.[1]
  return total === undefined ? undefined : Number(total)
}
