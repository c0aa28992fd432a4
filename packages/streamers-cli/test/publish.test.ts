import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalStreamer } from '@boostercloud/local-streamer'
import type { ExternalEvent } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { Command, run } from './support/command'
import { eventually } from '../../streamers/test/support/eventually'
import { inTempFolder } from './support/temp-folder'

/** All events of the topic `posts` in a log. */
async function logged(path: string): Promise<ExternalEvent[]> {
  const log = LocalStreamer.with({ path })
  const events: ExternalEvent[] = []
  for await (const event of log.read('posts', {})) events.push(event)
  await log.close()
  return events
}

const payloads = (events: readonly ExternalEvent[]): unknown[] => events.map(({ eventPayload }) => eventPayload)

describe('boost-streamers publish', function () {
  this.timeout(60_000)

  const inputs: readonly [string, string, readonly unknown[]][] = [
    ['lines', '{"n":1}\n{"n":2}\n', [{ n: 1 }, { n: 2 }]],
    ['lines with empty ones between and no last line end', '{"n":1}\r\n\r\n{"n":2}', [{ n: 1 }, { n: 2 }]],
    ['one object', '{"n":1}', [{ n: 1 }]],
    ['an array', '[{"n":1},{"n":2}]', [{ n: 1 }, { n: 2 }]],
    ['an object over several lines', '{\n  "n": 1,\n  "of": { "m": [2] }\n}\n', [{ n: 1, of: { m: [2] } }]],
    ['an array over several lines', '[\n  { "n": 1 },\n  { "n": 2 }\n]\n', [{ n: 1 }, { n: 2 }]],
    ['a document behind an empty line', '\n{\n"n": 1\n}\n', [{ n: 1 }]],
    ['nothing', '', []],
  ]
  for (const [what, input, expected] of inputs) {
    it(`takes from standard input: ${what}`, () =>
      inTempFolder(async (folder) => {
        const { code, out, err } = await run(['publish', 'posts', '--local', folder], { input })
        expect({ code, err }).to.deep.equal({ code: 0, err: '' })
        expect(out).to.contain(`${expected.length} event`)
        expect(payloads(await logged(folder))).to.deep.equal(expected)
      }))
  }

  it('takes a file, and names class, key, id and source', () =>
    inTempFolder(async (folder) => {
      const file = join(folder, 'posts.jsonl')
      await writeFile(file, '{"postId":"a","n":1}\n{"postId":"b","n":2}\n')
      const options = ['--type', 'PostCreated', '--key', 'postId', '--id-field', 'n', '--source', 'import']
      const { code } = await run(['publish', 'main/posts', file, '--local', join(folder, 'log'), ...options])
      expect(code).to.equal(0)
      const events = await logged(join(folder, 'log'))
      expect(
        events.map(({ metadata }) => [metadata?.type, metadata?.key, metadata?.id, metadata?.source])
      ).to.deep.equal([
        ['PostCreated', 'a', '1', 'import'],
        ['PostCreated', 'b', '2', 'import'],
      ])
    }))

  it('writes no type where none is named, and a source that is a URI', () =>
    inTempFolder(async (folder) => {
      await run(['publish', 'posts', '--local', folder, '--source', 'my shop'], { input: '{"n":1}' })
      const [{ metadata }] = await logged(folder)
      expect([metadata?.type, metadata?.source]).to.deep.equal([undefined, 'my%20shop'])
    }))

  it('publishes what comes before a malformed line, says so, and names the line', () =>
    inTempFolder(async (folder) => {
      const input = '{"n":1}\n{"n":2}\n{"n":\n{"n":4}\n'
      const { code, out, err } = await run(['publish', 'posts', '--local', folder], { input })
      expect(code).to.equal(1)
      expect(out).to.contain('2 events published to posts, then it failed')
      expect(err).to.contain('standard input, line 3').and.contain('This is not valid JSON')
      expect(payloads(await logged(folder))).to.deep.equal([{ n: 1 }, { n: 2 }])
    }))

  it('names a malformed first line, and of a document the line where it begins', () =>
    inTempFolder(async (folder) => {
      const publish = ['publish', 'posts', '--local', folder]
      const text = await run(publish, { input: 'oops\n{"n":2}\n' })
      expect(text.err).to.contain('standard input, line 1.').and.contain('This is not valid JSON')
      const document = await run(publish, { input: '\n{"n":\n{"n":2}\n' })
      expect(document.err).to.contain('the document from line 2 on').and.contain('This is not valid JSON')
      const line = await run([...publish, '--json-lines'], { input: '{"n":\n{"n":2}\n' })
      expect(line.err).to.contain('standard input, line 1.').and.contain('This is not valid JSON')
      for (const { code } of [text, document, line]) expect(code).to.equal(1)
      expect(await logged(folder)).to.deep.equal([])
    }))

  it('gives every event the key that is named by its value, and not by a field too', () =>
    inTempFolder(async (folder) => {
      const publish = ['publish', 'posts', '--local', folder, '--key-value', 'all']
      expect((await run(publish, { input: '{"n":1}\n{"n":2}\n' })).code).to.equal(0)
      expect((await logged(folder)).map(({ metadata }) => metadata?.key)).to.deep.equal(['all', 'all'])
      const both = await run([...publish, '--key', 'n'], { input: '{"n":3}\n' })
      expect(both.code).to.equal(1)
      expect(both.err).to.contain('--key-value').and.contain('cannot be used with')
    }))

  it('quotes nothing of a malformed line, and lets none of its control characters through to the terminal', () =>
    inTempFolder(async (folder) => {
      const { code, err } = await run(['publish', 'posts', '--local', folder], { input: '{"n":1}\n\u001b[31mred\n' })
      expect(code).to.equal(1)
      expect(err).to.contain('line 2').and.not.contain('red')
      for (const line of err.trimEnd().split('\n')) expect(line).to.not.match(/[\u0000-\u001f\u007f-\u009f]/)
    }))

  it('names the line of what is no object, and of an event without the key', () =>
    inTempFolder(async (folder) => {
      const number = await run(['publish', 'posts', '--local', folder], { input: '{"n":1}\n7\n' })
      expect(number.code).to.equal(1)
      expect(number.err).to.contain('line 2').and.contain('must be a JSON object')
      const keyless = await run(['publish', 'posts', '--local', folder, '--key', 'n'], { input: '{"n":1}\n{"m":1}\n' })
      expect(keyless.code).to.equal(1)
      expect(keyless.err).to.contain('line 2').and.contain("no field 'n'")
      expect(keyless.out).to.contain('1 event')
      expect(payloads(await logged(folder))).to.deep.equal([{ n: 1 }, { n: 1 }])
    }))

  it('refuses an event that is too large, with what came before it published', () =>
    inTempFolder(async (folder) => {
      const input = `{"n":1}\n{"n":"${'x'.repeat(1_100_000)}"}\n{"n":3}\n`
      const { code, out, err } = await run(['publish', 'posts', '--local', folder], { input })
      expect(code).to.equal(1)
      expect(err).to.contain('EVENT_TOO_LARGE').and.contain('line 2')
      expect(out).to.contain('1 event published to posts, then it failed')
      expect(payloads(await logged(folder))).to.deep.equal([{ n: 1 }])
    }))

  it('publishes what comes while more may come', () =>
    inTempFolder(async (folder) => {
      const command = new Command(['publish', 'posts', '--local', folder], { input: '{"n":1}\n', open: true })
      try {
        await eventually(async () => (await logged(folder)).length === 1, undefined, 30_000)
        command.write('{"n":2}\n')
        await eventually(async () => (await logged(folder)).length === 2, undefined, 30_000)
      } finally {
        await command.end()
      }
    }))

  it('says of a file that is not there', () =>
    inTempFolder(async (folder) => {
      const { code, err } = await run(['publish', 'posts', join(folder, 'none.jsonl'), '--local', folder])
      expect(code).to.equal(1)
      expect(err).to.contain('none.jsonl')
    }))
})
