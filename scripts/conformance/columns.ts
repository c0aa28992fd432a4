import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { assertDistinct } from '@boostercloud/streamer-testkit/conformance'
import type { ConformanceColumn } from '@boostercloud/streamer-testkit/conformance'
import { ROOT } from '../lib/run'

const FILE = 'test/conformance-columns.ts'

/** The columns of every package that has some: what its `test/conformance-columns.ts` exports as `columns`. */
async function allColumns(): Promise<ConformanceColumn[]> {
  const files = readdirSync(join(ROOT, 'packages'))
    .map((name) => join(ROOT, 'packages', name, FILE))
    .filter((file) => existsSync(file))
  const modules = await Promise.all(files.map((file) => import(file) as Promise<{ columns: ConformanceColumn[] }>))
  const columns = modules.flatMap((module) => module.columns)
  assertDistinct(columns)
  return columns
}

/** Those whose names begin with one of these, or all. Throws for a beginning that no name has. */
export async function columnsNamed(beginnings: readonly string[]): Promise<ConformanceColumn[]> {
  const columns = await allColumns()
  const unknown = beginnings.find((beginning) => !columns.some(({ name }) => name.startsWith(beginning)))
  if (unknown !== undefined) {
    const known = columns.map(({ name }) => `'${name}'`).join(', ')
    throw new Error(`No conformance column begins with '${unknown}'. There are ${known}.`)
  }
  return columns.filter(
    ({ name }) => beginnings.length === 0 || beginnings.some((beginning) => name.startsWith(beginning))
  )
}
