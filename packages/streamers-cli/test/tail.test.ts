import { LocalStreamer } from '@boostercloud/local-streamer'
import { withMetadata } from '@boostercloud/streamer-connector'
import type { EventInterface } from '@boostercloud/framework-types'
import { expect } from 'chai'
import { Command, run } from './support/command'
import { inTempFolder } from './support/temp-folder'

async function publish(path: string, fields: readonly object[], type = 'PostCreated'): Promise<void> {
  const log = LocalStreamer.with({ path })
  const events = fields.map((one, index) => withMetadata(one, { id: `id-${index}`, type, key: 'k', source: 'test' }))
  await log.publish(events as unknown as EventInterface[], 'posts')
  await log.close()
}

interface Told {
  readonly position: string
  readonly topic: string
  readonly type: string
  readonly id: string
  readonly payload?: { readonly n: number }
}

const told = (out: string): Told[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Told)

describe('boost-streamers tail', function () {
  this.timeout(60_000)

  it('begins at the first event, ends after a count, one JSON object a line', () =>
    inTempFolder(async (folder) => {
      await publish(folder, [{ n: 1 }, { n: 2 }, { n: 3 }])
      const { code, out, err } = await run(['tail', 'posts', '--local', folder, '--from', 'first', '-n', '2', '--json'])
      expect({ code, err }).to.deep.equal({ code: 0, err: '' })
      expect(told(out).map(({ topic, type, id, payload }) => [topic, type, id, payload])).to.deep.equal([
        ['posts', 'PostCreated', 'id-0', { n: 1 }],
        ['posts', 'PostCreated', 'id-1', { n: 2 }],
      ])
    }))

  it('begins behind a position, and at a time', () =>
    inTempFolder(async (folder) => {
      await publish(folder, [{ n: 1 }, { n: 2 }])
      const tail = ['tail', 'main/posts', '--local', folder, '--json', '--count', '1']
      const [first] = told((await run([...tail, '--from', 'first'])).out)
      const [second] = told((await run([...tail, '--from', first.position])).out)
      expect(second.payload).to.deep.equal({ n: 2 })
      const [old] = told((await run([...tail, '--from', '2020-01-01T00:00:00Z'])).out)
      expect(old.payload).to.deep.equal({ n: 1 })
    }))

  it('begins with what comes unless told otherwise, and follows', () =>
    inTempFolder(async (folder) => {
      await publish(folder, [{ n: 1 }])
      const command = new Command(['tail', 'posts', '--local', folder, '--json', '--count', '2'])
      try {
        // Where it has begun cannot be seen from outside: something is published until it is seen.
        for (let n = 2; command.out.split('\n').length < 3; n += 1) {
          await publish(folder, [{ n }])
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
        expect((await command.ended).code).to.equal(0)
        const numbers = told(command.out).map(({ payload }) => payload?.n ?? 0)
        expect(numbers[0]).to.be.greaterThan(1)
        expect(numbers[1]).to.equal(numbers[0] + 1)
      } finally {
        await command.end()
      }
    }))

  it('leaves the fields out, in both forms', () =>
    inTempFolder(async (folder) => {
      await publish(folder, [{ n: 'secret' }])
      const tail = ['tail', 'posts', '--local', folder, '--from', 'first', '-n', '1', '--no-payload']
      for (const form of [[], ['--json']]) {
        const { out } = await run([...tail, ...form])
        expect(out).to.contain('PostCreated').and.not.contain('secret')
      }
    }))

  it('lets no control character through to the terminal', () =>
    inTempFolder(async (folder) => {
      const evil = '\u001b[2J\u009b1m\u202edlrow\u0007'
      await publish(folder, [{ n: evil }], `Type${evil}`)
      for (const form of [[], ['--json']]) {
        const { out } = await run(['tail', 'posts', '--local', folder, '--from', 'first', '-n', '1', ...form])
        expect(out.trimEnd()).to.not.match(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/)
        expect(out).to.contain('\\u001b[2J')
      }
    }))

  it('ends with 0 when it is asked to', () =>
    inTempFolder(async (folder) => {
      await publish(folder, [{ n: 1 }])
      const command = new Command(['tail', 'posts', '--local', folder, '--from', 'first'])
      try {
        await command.says('PostCreated')
        expect((await command.end('SIGTERM')).code).to.equal(0)
      } finally {
        await command.end()
      }
    }))

  it('ends quietly when nobody reads along any more', () =>
    inTempFolder(async (folder) => {
      await publish(folder, [{ n: 1 }])
      const command = new Command(['tail', 'posts', '--local', folder, '--from', 'first'])
      try {
        await command.says('PostCreated')
        command.stopReading()
        await publish(folder, [{ n: 2 }])
        expect(await command.ended).to.deep.include({ code: 0, err: '' })
      } finally {
        await command.end()
      }
    }))

  it('says what it does not understand', () =>
    inTempFolder(async (folder) => {
      const position = await run(['tail', 'posts', '--local', folder, '--from', 'yesterday', '-n', '1'])
      expect(position.code).to.equal(1)
      expect(position.err).to.contain('OPTION_INVALID').and.contain('yesterday')
      const count = await run(['tail', 'posts', '--local', folder, '-n', 'many'])
      expect(count.code).to.equal(1)
      expect(count.err).to.contain('whole number')
    }))
})
