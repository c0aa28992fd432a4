import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { access, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { expect } from 'chai'

const MODULE = join(__dirname, '..', 'dist', 'terminal', 'stop-on-signals.js')
/** Writes a file when it is drained, a moment after it was asked to; writes to standard output all the while. */
const PROGRAM = `
const [file, onHangUp, drainMs] = process.argv.slice(1)
process.stdout.on('error', () => process.exit(3))
require(${JSON.stringify(MODULE)}).stopOnSignals(
  () => new Promise((resolve) => setTimeout(() => { require('node:fs').writeFileSync(file, ''); resolve() }, Number(drainMs))),
  { onHangUp: onHangUp === 'true' }
)
setInterval(() => process.stdout.write('.'), 5)`

describe('a command that is asked to end', function () {
  this.timeout(60_000)
  let child: ChildProcess
  let drained: string

  async function begin(onHangUp: boolean, drainMs = 100): Promise<void> {
    drained = join(tmpdir(), `drained-${randomUUID()}`)
    const args = ['-e', PROGRAM, drained, String(onHangUp), String(drainMs)]
    child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    await once(child.stdout as NodeJS.ReadableStream, 'data')
  }
  afterEach(async () => {
    child.kill('SIGKILL')
    await rm(drained, { force: true })
  })
  const ended = async (): Promise<unknown[]> => (await once(child, 'exit')) as unknown[]

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    it(`lets its work finish first: ${signal}`, async () => {
      await begin(true)
      child.kill(signal)
      expect(await ended()).to.deep.equal([0, null])
      await access(drained)
    })
  }

  it('takes two signals at once for one: npm passes on a Ctrl-C that the terminal has sent already', async () => {
    await begin(false)
    // Two of one kind may become one on their way.
    child.kill('SIGINT')
    child.kill('SIGTERM')
    expect(await ended()).to.deep.equal([0, null])
    await access(drained)
  })

  it('ends at once on a signal that comes later', async () => {
    await begin(false, 600_000)
    const again = setInterval(() => child.kill('SIGINT'), 100)
    expect(await ended().finally(() => clearInterval(again))).to.deep.equal([1, null])
  })

  it('lets its work finish when nobody reads what it writes any more', async () => {
    await begin(true)
    child.stdout?.destroy()
    expect(await ended()).to.deep.equal([0, null])
    await access(drained)
  })

  it('leaves SIGHUP as it is where a service may go on without a terminal', async () => {
    await begin(false)
    child.kill('SIGHUP')
    expect(await ended()).to.deep.equal([null, 'SIGHUP'])
  })
})
