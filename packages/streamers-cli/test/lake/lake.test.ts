import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { recorded } from '../../../streamers-lake/test/support/events'
import { MadeLake } from '../../../streamers-lake/test/support/made-lake'
import { Command, run } from '../support/command'
import type { Ended } from '../support/command'
import { inTempFolder } from '../support/temp-folder'

interface Told {
  readonly position?: number
  readonly payload?: unknown
  readonly body?: string
}

const told = (out: string): Told[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Told)

const EVIL = '\u001b[2J\u009b1m\u202edlrow\u0007'

describe('boost-streamers lake', function () {
  this.timeout(60_000)

  let made: MadeLake
  const lake = (words: readonly string[]): Promise<Ended> => run(['lake', ...words, '--lake', made.folder])

  before(async () => {
    const { message } = recorded(0)
    made = await MadeLake.of(
      [recorded(1), recorded(2, { type: 'PostDeleted', key: 'post-1', correlationId: 'request' })],
      [
        recorded(3, { message: { ...message, body: Buffer.from([0xff, 0]) }, undecodable: `It is ${EVIL}.` }),
        recorded(4, { topic: 'comments', message: { ...message, body: Buffer.from('{"n":9007199254740993}') } }),
      ]
    )
  })
  after(async () => made.remove())

  it('tells what a lake holds', async () => {
    const { code, out } = await lake(['info', '--json'])
    expect(code).to.equal(0)
    expect(JSON.parse(out)).to.deep.include({ events: 4, segments: 2, addresses: ['main/comments', 'main/posts'] })
    const text = (await lake(['info'])).out
    expect(text).to.contain('4 in 2 segments').and.contain('main/posts, partition 0: to position 3')
  })

  it('gets one event by its id, and the history of a key, as JSON lines and as a table', async () => {
    const [one, ...more] = told((await lake(['get', '--id', 'id-1', '--json'])).out)
    expect(more).to.deep.equal([])
    expect(one).to.deep.include({ address: 'main/posts', partition: '0', position: 1, type: 'PostCreated' })
    expect(one.payload).to.deep.equal({ postId: 'post-1' })
    const { out } = await lake(['get', '--key', 'post-1'])
    const lines = out.trimEnd().split('\n')
    expect(lines[0]).to.match(/^TIME +ADDRESS +AT +TYPE +KEY +ID +PAYLOAD$/)
    expect(lines.slice(1).map((line) => line.split(/ {2,}/).slice(1, 6))).to.deep.equal([
      ['main/posts', '0:1', 'PostCreated', 'post-1', 'id-1'],
      ['main/posts', '0:2', 'PostDeleted', 'post-1', 'id-2'],
    ])
  })

  it('filters by everything that a filter knows', async () => {
    const positions = async (...words: string[]): Promise<unknown[]> =>
      told((await lake(['get', '--json', ...words])).out).map(({ position }) => position)
    expect(await positions('--address', 'main/posts')).to.deep.equal([1, 2, 3])
    expect(await positions('--address', 'main', '--type', 'PostCreated')).to.deep.equal([1, 3, 4])
    expect(await positions('--correlation', 'request')).to.deep.equal([2])
    expect(await positions('--partition', '0', '--from-position', '2', '--to-position', '4')).to.deep.equal([2, 3])
    expect(await positions('--from', '2026-11-30', '--to', '2026-12-01')).to.deep.equal([1, 2, 3, 4])
    expect(await positions('--to', '2026-11-30')).to.deep.equal([])
  })

  it('gives bytes that are no JSON as they are, and numbers with all of their digits', async () => {
    const { out } = await lake(['get', '--from-position', '3', '--json'])
    expect(out).to.contain('{"n":9007199254740993}')
    expect(told(out)[0].body).to.equal(Buffer.from([0xff, 0]).toString('base64'))
    expect(told(out)[0]).to.not.have.property('payload')
  })

  it('lets no control character through to the terminal', async () => {
    for (const words of [
      ['get', '--from-position', '3'],
      ['get', '--from-position', '3', '--json'],
      ['tail', '--all', '-n', '4'],
      ['export'],
      ['export', '--format', 'table'],
      ['query', 'SELECT undecodable FROM events'],
    ]) {
      const { code, out } = await lake(words)
      expect(code, words.join(' ')).to.equal(0)
      expect(out.replaceAll('\n', ''), words.join(' ')).to.not.match(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
      expect(out).to.contain('u001b[2J')
    }
  })

  it('follows what is recorded, and ends with 0 when it is asked to', async () => {
    const other = await MadeLake.of([recorded(1)])
    const command = new Command(['lake', 'tail', '--all', '--lake', other.folder])
    try {
      await command.says('id-1')
      await other.add([recorded(2, { id: 'later' })])
      await command.says('later')
      expect((await command.end('SIGTERM')).code).to.equal(0)
    } finally {
      await command.end()
      await other.remove()
    }
  })

  it('replays into another log, marked, and refuses the address that it came from', () =>
    inTempFolder(async (folder) => {
      const log = join(folder, 'log')
      const words = ['replay', 'main/posts', '--into', 'main/posts', '--local', log, '--to-position', '3']
      const { code, out } = await lake(words)
      expect({ code, out }).to.deep.equal({ code: 0, out: '✓ 2 events published to main/posts\n' })
      const shown = await run(['tail', 'posts', '--local', log, '--from', 'first', '-n', '2', '--json'])
      expect(shown.out).to.contain('"id-1"').and.contain('"id-2"')
      expect((await lake([...words, '--new-ids', '--speed', '1000x'])).out).to.contain('2 events published')
      const refused = await lake(['replay', 'main/posts', '--into', 'main/posts'])
      expect(refused.code).to.not.equal(0)
      expect(refused.err).to.contain('OPTION_INVALID').and.contain('--local FOLDER')
      expect((await lake(['replay', 'main/post', '--into', 'main/posts', '--local', log])).err).to.contain(
        'Did you mean'
      )
    }))

  it('exports to a file that only its owner reads, whole', () =>
    inTempFolder(async (folder) => {
      const file = join(folder, 'events.jsonl')
      const { code, out } = await lake(['export', file, '--address', 'main/posts'])
      expect({ code, out }).to.deep.equal({ code: 0, out: `✓ 3 lines in ${file}\n` })
      expect(told(await readFile(file, 'utf8')).map(({ position }) => position)).to.deep.equal([1, 2, 3])
      expect((await stat(file)).mode & 0o077).to.equal(0)
    }))

  it('runs SQL, with rows as a table and as JSON lines', async () => {
    const sql = 'SELECT type, count(*) AS n FROM events GROUP BY type ORDER BY type'
    expect((await lake(['query', sql])).out).to.equal('type         n\nPostCreated  3\nPostDeleted  1\n')
    expect((await lake(['query', sql, '--json'])).out).to.equal(
      '{"type":"PostCreated","n":3}\n{"type":"PostDeleted","n":1}\n'
    )
    const { code, err } = await lake(['query', 'DROP VIEW events'])
    expect(code).to.equal(1)
    expect(err).to.contain('OPTION_INVALID').and.contain('no query')
  })

  it('verifies a lake, and ends with 1 where something is wrong', async () => {
    expect((await lake(['verify'])).out).to.equal('✓ the lake is whole: 2 segments\n')
    const broken = await MadeLake.of([recorded(1)], [recorded(2)])
    try {
      const path = await broken.add([recorded(3)])
      await rm(join(broken.folder, path))
      const { code, out, err } = await run(['lake', 'verify', '--lake', broken.folder])
      expect(code).to.equal(1)
      expect(out).to.equal(`segment-missing  ${path}: The file is missing.\n`)
      expect(err).to.contain('STORAGE_DAMAGED').and.contain('1 thing wrong')
    } finally {
      await broken.remove()
    }
  })

  it('says what it cannot do', () =>
    inTempFolder(async (folder) => {
      const refusals: [words: string[], said: RegExp][] = [
        [['get', '--address', 'main/psots', '--lake', made.folder], /main\/psots.*Did you mean 'main\/posts'/s],
        [['get', '--lake', made.folder], /No option says which events/],
        [['get', '--from-position', 'x', '--lake', made.folder], /whole number from 0/],
        [['info', '--lake', join(folder, 'nowhere')], /STORAGE_FOREIGN.*no lake/s],
        [['verify', '--lake', folder], /STORAGE_FOREIGN.*no lake/s],
        [['query', 'SELECT 1', '--lake', join(folder, 'nowhere')], /STORAGE_FOREIGN.*no lake/s],
      ]
      for (const [words, said] of refusals) {
        const { code, err } = await run(['lake', ...words])
        expect(code, words.join(' ')).to.equal(1)
        expect(err).to.match(said)
      }
      await writeFile(join(folder, 'lake.json'), '{"format":"booster-event-lake","formatVersion":9,"id":"x"}')
      expect((await run(['lake', 'tail', '--lake', folder])).err).to.match(/STORAGE_FOREIGN.*format version 9/s)
      const none = await lake(['get', '--id', 'unknown'])
      expect(none).to.deep.equal({ code: 1, out: '', err: 'No recorded event fits.\n' })
    }))

  it('puts segments together, and removes an entity and what is too old, after it was asked to', async () => {
    const own = await MadeLake.of([recorded(1)], [recorded(2)], [recorded(3)])
    const at = (words: readonly string[]): Promise<Ended> => run(['lake', ...words, '--lake', own.folder])
    expect((await at(['compact'])).out).to.match(/3 segments became 1/)
    const asked = await at(['forget', '--entity', 'post-2'])
    expect(asked.code).to.equal(1)
    expect(asked.err).to.contain('--yes')
    const { code, out } = await at(['forget', '--entity', 'post-2', '--yes'])
    expect(code).to.equal(0)
    expect(out)
      .to.match(/1 event of post-2 removed from 1 segment/)
      .and.contain('Backups')
    expect((await at(['get', '--key', 'post-2'])).code).to.equal(1)
    expect((await at(['retain', 'main/posts', '--days', '1', '--yes'])).out).to.match(
      /2 events of main\/posts removed from 1 segment/
    )
    expect((await at(['verify'])).code).to.equal(0)
    await own.remove()
  })
})
