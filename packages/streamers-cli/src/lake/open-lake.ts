import { Option } from 'commander'
import type { Lake } from '@boostercloud/streamers-lake'
import { lakePackage } from '../app/lake-package'

/** Where `lake record` of an app keeps it. */
const DEFAULT = '.booster/lake'

/** What tells where a lake is. */
export interface LakePlace {
  readonly lake: string
}

/** The option `--lake`, which every command of the lake has. */
export function lakeOption(): Option {
  return new Option('-l, --lake <place>', "the lake's folder, or s3://bucket/prefix").default(DEFAULT)
}

/** Runs work with a lake that is there. */
export async function withLake<T>({ lake: path }: LakePlace, work: (lake: Lake) => Promise<T>): Promise<T> {
  const lake = lakePackage().Lake.with({ path })
  try {
    return await work(lake)
  } finally {
    await lake.close()
  }
}
