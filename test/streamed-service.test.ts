import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'

const ROOT = resolve(__dirname, '..')
const NEWSLETTER = join(ROOT, 'examples/blog/newsletter')
const POST = '{ postId: "p", title: "T", content: "C", author: "A" }'

/** Booster keeps one app in a process. Rejects with all that it has said, where it fails. */
async function node(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, BOOSTER_ENV: 'local' },
  }).catch((error: Error & { stdout: string }) => {
    throw new Error(`${error.message}\n${error.stdout}`)
  })
  return stdout
}

/** What the newsletter, loaded, rejects or throws with; its message in one line. */
async function refusal(code: string): Promise<string> {
  const program = `
    const { StreamedService } = require('@boostercloud/streamer-testkit/service')
    const { PostCreated } = require('@blog/contracts')
    const post = Object.assign(Object.create(PostCreated.prototype), ${POST})
    StreamedService.load(${JSON.stringify(NEWSLETTER)})
      .then(async (service) => { ${code} })
      .then(() => console.log('passed'), (error) => console.log(error.message.replace(/\\s+/g, ' ')))`
  return (await node('-e', program)).trim()
}

describe('a service in a test', function () {
  this.timeout(60_000)

  it('is tested as docs/how-to/test-your-service.md says', async () => {
    const output = await node(
      'node_modules/mocha/bin/mocha.js',
      '--no-config',
      'examples/blog/test/newsletter.spec.mjs'
    )
    expect(output).to.contain('3 passing').and.not.contain('failing')
  })

  it('is given generated events, as docs/how-to/simulate-an-upstream.md says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'streamers-'))
    try {
      const simulate = ['simulate', 'main/posts', '--from-contract', 'examples/blog/contracts', '--key', 'postId']
      const bin = 'packages/streamers-cli/bin/boost-streamers.js'
      const file = join(folder, 'posts.jsonl')
      await writeFile(file, await node(bin, ...simulate, '--count', '20', '--dry-run'))
      const given = `await service.givenRecorded('main/posts', ${JSON.stringify(file)})`
      const count = `if (service.events.length !== 20) throw new Error(String(service.events.length))`
      expect(await refusal(`${given}; ${count}`)).to.equal('passed')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('is given what a lake has recorded, by type, key and time, as docs/how-to/simulate-an-upstream.md says', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'streamers-'))
    try {
      const record = `
        const { LocalStreamer } = require('@boostercloud/local-streamer')
        const { withMetadata } = require('@boostercloud/streamer-connector')
        const { Lake } = require('@boostercloud/streamers-lake')
        const main = LocalStreamer.with({ path: ${JSON.stringify(join(folder, 'log'))} })
        const lake = Lake.with({ path: ${JSON.stringify(join(folder, 'lake'))}, segmentMs: 20 })
        const posts = ['one', 'two', 'three'].map((title, n) => withMetadata(Object.assign(Object.create(PostCreated.prototype), ${POST}, { title }),
          { id: title, type: 'PostCreated', key: 'k' + n, source: 'blog' }))
        await main.publish(posts, 'posts')
        const recording = await lake.record({ streamers: { main }, addresses: ['main/posts'] })
        while ((await recording.health())[0].recorded < 3) await new Promise((resolve) => setTimeout(resolve, 20))
        await recording.stop()
        await main.close()`
      const given = `
        await service.givenLake('main/posts', lake, { type: 'PostCreated' })
        if (service.events.length !== 3) throw new Error(String(service.events.length))
        await service.givenLake('main/posts', lake, { key: 'k1' })
        service.thenStreamed('main/newsletter', 'IssueSent', { title: 'two' })
        if (service.events.length !== 1) throw new Error(String(service.events.length))
        await service.givenLake('main/posts', lake, { to: new Date(0) })`
      expect(await refusal(`${record}; ${given}`)).to.contain('The lake has no event that the filter wants')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('passes what is so, and fails what is not', async () => {
    const given = `await service.given('main/posts', post);`
    expect(await refusal(`${given} service.thenRegistered('IssueSent', { title: 'T' })`)).to.equal('passed')
    expect(await refusal(`${given} service.thenRegistered('IssueSent', { title: 'U' })`)).to.match(
      /^Expected IssueSent/
    )
    expect(await refusal(`${given} service.thenRegistered('Other')`)).to.match(/^Expected Other/)
    expect(await refusal(`${given} service.thenStreamed('main/posts', 'IssueSent')`)).to.contain('main/newsletter')
    expect(await refusal(`${given} service.thenNothing()`)).to.match(/^Expected nothing/)
    expect(await refusal(`service.thenNothing()`)).to.equal('passed')
  })

  it('refuses an address that nobody listens to, and an event that does not fit', async () => {
    expect(await refusal(`await service.given('main/nowhere', post)`)).to.contain("'main/posts'")
    expect(await refusal(`delete post.title; await service.given('main/posts', post)`)).to.contain('[EVENT_MISMATCH]')
  })

  it('refuses what no handler takes, which is no test of anything', async () => {
    const other = `class Other { entityID() { return 'o' } }; await service.given('main/posts', new Other())`
    expect(await refusal(other))
      .to.contain('[OPTION_INVALID]')
      .and.contain('Other')
      .and.contain('PostCreated')
  })

  it('gives a plain object, which has no type, to handlers whose class it fits, and refuses it where it fits none', async () => {
    const plain = `await service.given('main/posts', ${POST}); service.thenRegistered('IssueSent')`
    expect(await refusal(plain)).to.equal('passed')
    expect(await refusal(`await service.given('main/posts', {})`)).to.contain('[EVENT_MISMATCH]')
  })

  it('names the line of a recording that is none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recorded-'))
    try {
      const file = join(folder, 'posts.jsonl')
      await writeFile(file, `{"type":"PostCreated","payload":${JSON.stringify({ postId: 'p' })}}\n{"torn`)
      expect(await refusal(`await service.givenRecorded('main/posts', ${JSON.stringify(file)})`)).to.contain(
        `${file}:2`
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
