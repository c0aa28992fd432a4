import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cachedPythonPackages, describeWithServer } from '@boostercloud/dev-brokers'
import { expect } from 'chai'
import * as fc from 'fast-check'
import { microsOf } from '../../src/format'
import type { RecordedEvent } from '../../src/format'
import { toMap } from '../../src/format/names'
import { LakeVersions } from '../../src/manifest'
import { FolderStorage, storageAt } from '../../src/storage'
import { anyEvent, recorded } from '../support/events'
import { draftOf } from '../support/made-lake'
import { newBucket } from '../support/s3'

const PYTHON = join(__dirname, '..', 'support', 'python')

type Row = readonly unknown[]

/** The rows that pyarrow and DuckDB for Python find in a lake. */
async function readByOthers(...places: string[]): Promise<Readonly<Record<'pyarrow' | 'duckdb', readonly Row[]>>> {
  const packages = await cachedPythonPackages('lake-engines', join(PYTHON, 'packages.txt'))
  const env = { ...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1', PYTHONIOENCODING: 'utf-8' }
  const args = [join(PYTHON, 'read_lake.py'), ...places]
  const { stdout } = await promisify(execFile)('python3', args, { env, maxBuffer: 1e8 })
  return JSON.parse(stdout) as Awaited<ReturnType<typeof readByOthers>>
}

function rowOf(event: RecordedEvent): Row {
  const { streamer, topic, partition, position, id, type, key, data, time, message } = event
  const version = event.version !== undefined && (event.version | 0) === event.version ? event.version : undefined
  const headers = [...(toMap(message.headers) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1))
  const micros = time === undefined ? undefined : microsOf(time)
  return [
    ...[streamer, topic, partition, position, id, type, version, key],
    Buffer.from(message.body).toString('hex'),
    data,
    headers.length === 0 ? undefined : headers,
    micros?.toString(),
    String(event.recordedAt * 1000),
  ].map((value) => value ?? null)
}

/** Orders rows, which engines read in any order. */
const sorted = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row)).sort()

/** Rows that only one of the two has: comparing thousands takes the assertion library long. */
function differing(found: readonly string[], expected: readonly string[]): string[] {
  const [there, wanted] = [new Set(found), new Set(expected)]
  const length = found.length === expected.length ? [] : [`${found.length} rows, not ${expected.length}`]
  return [...length, ...found.filter((row) => !wanted.has(row)), ...expected.filter((row) => !there.has(row))]
}

describe('the files of a lake', function () {
  this.timeout(300_000)

  it('are read by pyarrow and by DuckDB, each event with its values', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lake-'))
    try {
      const versions = new LakeVersions(new FolderStorage(folder))
      const plain = Array.from({ length: 5_000 }, (_, position) => recorded(position))
      const odd = fc
        .sample(anyEvent, { numRuns: 300, seed: 20_261_130 })
        .map((event) => ({ ...event, partition: undefined, position: undefined }))
      for (const events of [plain, odd]) await versions.commit(draftOf(events))
      const expected = sorted([...plain, ...odd].map(rowOf))
      const { pyarrow, duckdb } = await readByOthers(folder)
      expect(differing(sorted(pyarrow), expected)).to.deep.equal([])
      expect(differing(sorted(duckdb), expected)).to.deep.equal([])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  describeWithServer('moto', (server) => {
    it('in a bucket are read by pyarrow with its own file system', async () => {
      const s3 = await newBucket(server().url)
      const storage = storageAt({ s3 })
      const events = Array.from({ length: 100 }, (_, position) => recorded(position))
      await new LakeVersions(storage).commit(draftOf(events))
      const { pyarrow } = await readByOthers(`${s3.bucket}/${s3.prefix}`, server().url)
      expect(differing(sorted(pyarrow), sorted(events.map(rowOf)))).to.deep.equal([])
      await storage.close()
    })
  })
})
