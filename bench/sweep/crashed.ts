import { cp, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import { freePort } from '../../packages/streamers-cli/src/free-port'
import { inAppFolder } from '../booster/app'
import { Remote } from '../workers/remote'
import type { Crash, SweepContender } from './contenders'
import type { ServiceMethods } from './service'

/** What a start after a crash came to. */
export interface Recovery {
  /** Milliseconds from its beginning until what was pending had been published, and its marks were gone. */
  readonly publishedMs: number
  /** How many of the events that were pending are not in the log once. */
  readonly wrong: number
}

/** Works with the folder of a service that was killed when so much was stored. */
export function afterCrash<T>(
  contender: SweepContender,
  crash: Crash,
  work: (crashed: string) => Promise<T>
): Promise<T> {
  return inAppFolder('sweep', async (folder) => {
    const service = await startIn(folder, contender)
    try {
      await service.call('open', await freePort())
      await contender.fill(service, folder, crash)
    } finally {
      await service.end()
    }
    return work(folder)
  })
}

/** Starts a copy of what crashed, and ends it when what was pending is published. */
export function recover(contender: SweepContender, crash: Crash, crashed: string): Promise<Recovery> {
  return inAppFolder('sweep', async (folder) => {
    await copy(crashed, folder)
    const service = await startIn(folder, contender)
    try {
      const publishedMs = await service.call('openAndPublish', await freePort())
      return { publishedMs, wrong: await wrongIn(folder, crash) }
    } finally {
      await service.end()
    }
  })
}

/** What is copied is on disk before anything is measured: else the first sync of the service would wait for it. */
async function copy(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true })
  for (const entry of await readdir(to, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = await open(join(entry.parentPath, entry.name))
    await file.sync()
    await file.close()
  }
}

async function startIn(cwd: string, { providerPackage }: SweepContender): Promise<Remote<ServiceMethods>> {
  const env = {
    BOOSTER_ENV: 'bench',
    PROVIDER_PACKAGE: providerPackage,
    DATABASE_URL: '',
    LOCAL_ENVIRONMENT_WEBSOCKET_SERVER_PORT: String(await freePort()),
  }
  return Remote.start<ServiceMethods>('../sweep/service', [], { cwd, env })
}

async function wrongIn(folder: string, { stored, pending }: Crash): Promise<number> {
  const times = new Map<string, number>()
  const log = LocalStreamer.with({ path: join(folder, 'log') })
  for await (const { eventPayload } of log.read('notes', {})) {
    const { noteId } = eventPayload as { noteId: string }
    times.set(noteId, (times.get(noteId) ?? 0) + 1)
  }
  await log.close()
  const were = Array.from({ length: pending }, (_, n) => `note-${stored - pending + n}`)
  return were.filter((note) => times.get(note) !== 1).length
}
