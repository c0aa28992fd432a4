import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Remote } from '../workers/remote'
import type { ServiceMethods } from './service'

/** How many events are stored when a service dies. */
export interface Crash {
  readonly stored: number
  /** How many of them were not published. */
  readonly pending: number
}

/** A provider whose start is measured. */
export interface SweepContender {
  readonly title: string
  readonly ours: boolean
  readonly providerPackage: string
  /** Has a service store so many events, the last of them without publishing them, and kills it. */
  fill(service: Remote<ServiceMethods>, folder: string, crash: Crash): Promise<void>
}

export const SQLITE: SweepContender = {
  title: 'framework-provider-sql, SQLite',
  ours: true,
  providerPackage: '@boostercloud/framework-provider-sql',
  async fill(service, _folder, { stored, pending }) {
    await service.call('take', 0, stored - pending)
    await service.call('takeUnpublished', stored - pending, pending)
    await service.kill()
  },
}

/** It takes an hour to store so many, so that what was published long ago is written into its file, as it would have been. */
export const STOCK: SweepContender = {
  title: 'framework-provider-local, state beside it',
  ours: false,
  providerPackage: '@boostercloud/framework-provider-local',
  async fill(service, folder, { stored, pending }) {
    await service.call('takeUnpublished', stored - pending, pending)
    await service.kill()
    const file = join(folder, '.booster', 'events.json')
    const written = await readFile(file, 'utf8')
    await writeFile(file, older(written, stored - pending) + written)
  },
}

/** So many events like the first one of a file, stored an hour before it. */
function older(written: string, count: number): string {
  const documents = written.split('\n').filter((line) => line !== '')
  const model = documents.map((line) => JSON.parse(line)).find(({ kind }) => kind === 'event')
  const createdAt = new Date(Date.parse(model.createdAt) - 3_600_000).toISOString()
  const lines = Array.from({ length: count }, (_, n) => {
    const noteId = `note-${n}`
    const value = { ...model.value, noteId }
    const document = { ...model, entityID: noteId, value, createdAt, streamsId: randomUUID(), _id: randomUUID() }
    return `${JSON.stringify(document)}\n`
  })
  return lines.join('')
}
