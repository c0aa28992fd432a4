import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testConnector } from '@boostercloud/streamer-testkit'
import { FolderStreamer } from '../src/folder-streamer'

describe('FolderStreamer', () => {
  testConnector(() => {
    const path = mkdtempSync(join(tmpdir(), 'folder-streamer-'))
    let topics = 0
    return {
      create: ({ pollWaitMs }) => FolderStreamer.with({ path, pollWaitMs }),
      topic: () => `topic-${++topics}`,
      inOtherProcess: { modulePath: join(__dirname, 'support/create.ts'), argument: path },
      unreachable: () => FolderStreamer.with({ path: '/dev/null/nowhere' }),
      publishForeign: async (topic, body) => {
        mkdirSync(join(path, topic), { recursive: true })
        writeFileSync(join(path, topic, '000000000001.json'), body)
      },
      tearDown: () => rmSync(path, { recursive: true }),
    }
  })
})
