import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { storageAt } from '../../src/storage'
import type { LakeStorage } from '../../src/storage'
import type { LakePlace } from '../../src/storage/storage-at'
import { newBucket } from './s3'

/** A kind of place that a lake can be at. */
export interface PlaceKind {
  /** A place where nothing is. It is removed after the tests. */
  make(): Promise<LakePlace>
}

/** Defines the same tests for each kind of place. */
export function describePlaces(tests: (kind: PlaceKind) => void): void {
  describe('in a folder', () => {
    const folders: string[] = []
    after(async () => {
      await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
    })
    tests({
      async make() {
        const folder = await mkdtemp(join(tmpdir(), "lake [it's] "))
        folders.push(folder)
        return { path: folder }
      },
    })
  })
  describe('in a bucket', () => {
    describeWithServer('moto', (server) => tests({ make: async () => ({ s3: await newBucket(server().url) }) }))
  })
}

/** Storages of one place, as several processes have them. */
export class Storages {
  private readonly open: LakeStorage[] = []

  private constructor(private readonly place: LakePlace) {}

  public static async of(kind: PlaceKind): Promise<Storages> {
    return new Storages(await kind.make())
  }

  public one(): LakeStorage {
    const storage = storageAt(this.place)
    this.open.push(storage)
    return storage
  }

  public async close(): Promise<void> {
    await Promise.all(this.open.map((storage) => storage.close()))
  }
}
