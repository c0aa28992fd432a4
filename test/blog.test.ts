import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { checkAll, isComplete, isExact, timesSent } from '../examples/blog/demo/checks'
import type { Check } from '../examples/blog/demo/checks'
import { freePorts } from '../examples/support/free-ports'
import { createPosts, readPosts } from '../examples/blog/demo/posts'
import { startDigest } from '../examples/blog/demo/digest'
import { startService } from '../examples/support/services'
import { waitFor } from '../examples/support/wait-for'
import { ROOT, SERVICES, makeWorkspace } from '../examples/support/workspace'
import type { Started } from './support/started'

const POSTS = 200
const CLI = join(ROOT, 'node_modules/.bin/boost-streamers')
const KILL_AFTER = 50
const AT_ONCE = 16

describe('examples/blog', function () {
  this.timeout(180_000)

  describe('npm start', () => {
    it('shows with --once that every post was seen exactly once by every service', async () => {
      const { code, output } = await start(['--once'])
      expect(code, output).to.equal(0)
      expect(output).to.match(/blog → main\/posts → newsletter +\d+ ms/)
      expect(output).to.match(/newsletter → main\/newsletter → audit +20 +20 +0 +0 /)
    })

    it('records all events with --lake, and its README asks what a person would ask', async () => {
      const lake = await mkdtemp(join(tmpdir(), 'blog-lake-'))
      try {
        const { code, output } = await start(['--once', '--posts', '5', '--lake'], { BLOG_LAKE: lake })
        expect(code, output).to.equal(0)
        const answers = queriesOf('examples/blog/README.md').map((query) => {
          const words = [CLI, 'lake', 'query', query, '--lake', lake, '--json']
          const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' })
          return `${stdout}${stderr}`
        })
        expect(answers).to.have.length(3)
        expect(answers[0])
          .to.match(/IssueSent.*newsletter.*5/)
          .and.match(/PostCreated.*blog.*5/)
        expect(answers[1]).to.equal('')
        expect(answers[2]).to.match(/"issues":5,"longest_ms":"?\d+/)
      } finally {
        await rm(lake, { recursive: true, force: true })
      }
    })

    it('refuses a bad option by name', async () => {
      const { code, output } = await start(['--posts', 'many'])
      expect(code, output).to.equal(2)
      expect(output).to.contain('--posts').and.to.contain("'many'")
    })
  })

  it('loses and doubles nothing when the newsletter is killed in the middle and started again', async () => {
    const system = await System.start()
    try {
      const posts = readPosts(POSTS)
      const killInTheMiddle = async (): Promise<void> => {
        const some = async (): Promise<boolean> => (await timesSent(system.url('newsletter'))).length >= KILL_AFTER
        await waitFor(`${KILL_AFTER} issues`, some, { everyMs: 20 })
        await system.kill('newsletter')
        await system.start('newsletter')
      }
      await Promise.all([createPosts(system.url('blog'), posts, { atOnce: AT_ONCE }), killInTheMiddle()])

      const complete = async (): Promise<boolean> => (await system.check(posts)).every(isComplete)
      await waitFor('every post to arrive', complete).catch(() => undefined)
      expect((await system.check(posts)).filter((check) => !isExact(check))).to.deep.equal([])
    } finally {
      await system.stop()
    }
    expect(existsSync(system.workspace.folder)).to.equal(false)
  })
})

/** The services and the digest, each of which can be started again with the state it left. */
class System {
  public readonly workspace = makeWorkspace()
  private readonly running = new Map<string, Started>()

  private constructor(private readonly ports: readonly number[]) {}

  /** Starts everything; stops it again if something does not start. */
  public static async start(): Promise<System> {
    const system = new System(await freePorts(2 * SERVICES.length))
    try {
      // One that is still starting could not be stopped.
      const starts = await Promise.allSettled(SERVICES.map((name: string) => system.start(name)))
      const refused = starts.find(({ status }) => status === 'rejected')
      if (refused) throw (refused as PromiseRejectedResult).reason
    } catch (error) {
      await system.stop()
      throw error
    }
    system.running.set('digest', startDigest({ workspace: system.workspace }))
    return system
  }

  public async start(name: string): Promise<void> {
    const [port, webSocketPort] = this.ports.slice(2 * SERVICES.indexOf(name))
    this.running.set(name, await startService(name, { workspace: this.workspace, port, webSocketPort }))
  }

  public async kill(name: string): Promise<void> {
    await this.running.get(name)?.kill()
  }

  public url(name: string): string {
    return this.running.get(name)?.url ?? ''
  }

  public async check(posts: unknown[]): Promise<Check[]> {
    const urls = { newsletter: this.url('newsletter'), audit: this.url('audit') }
    return checkAll({ ...urls, digestFile: this.workspace.digest }, posts)
  }

  public async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((process) => process.stop()))
    this.workspace.remove()
  }
}

/** The queries of the event lake on a page. */
function queriesOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/^npx boost-streamers lake query "(.*)" --lake /gm)].map(([, query]) => query)
}

/** Runs `npm start` with options, without npm. */
async function start(
  options: readonly string[],
  env: NodeJS.ProcessEnv = {}
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'start', ...options], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output }
}
