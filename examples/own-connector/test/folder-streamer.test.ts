import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asTexts, testConnector } from '@boostercloud/streamer-testkit/conformance'
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
      publishForeign: async (topic, body) => write(join(path, topic), body),
      publishRaw: async (topic, record) => {
        const { body, ...beside } = asTexts(record) ?? {}
        if (body === undefined) return false
        write(join(path, topic), JSON.stringify({ ...beside, body: Buffer.from(body).toString('base64') }))
        return true
      },
      tearDown: () => rmSync(path, { recursive: true }),
    }
  })
})

/** As another program writes, that knows the folder. */
function write(folder: string, content: string | Uint8Array): void {
  mkdirSync(folder, { recursive: true })
  const number = readdirSync(folder).length + 1
  writeFileSync(join(folder, `${String(number).padStart(12, '0')}.json`), content)
}
