import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { waitFor } from '../examples/support/wait-for'
import { plan } from '../scripts/lib/tests/plan'
import { runPool } from '../scripts/lib/tests/pool'
import type { Job } from '../scripts/lib/tests/pool'
import { Report } from '../scripts/lib/tests/report'
import { isRunning } from './support/is-running'
import { ROOT } from './support/source-tree'
import { TestFiles } from './support/test-files'

const GOOD = `it('is good', () => {})\nit('is good as well', () => {})\nit.skip('waits (skipped: for a server)', () => {})`
const BAD = `it('is good', () => {})\nit('is bad', () => { console.log('a word before'); throw new Error('a reason') })`

/** In two pieces, as no file of this repository may say it. */
const ALONE = ['it', 'only'].join('.')
const RESULT = { file: 'test/any.test.ts', passed: 3, failed: 0, skipped: [], output: '' }

describe('the runner of tests', function () {
  this.timeout(120_000)
  const files = new TestFiles()
  after(() => files.remove())

  it('adds up what passed and failed in every file, and lists what was skipped with its reason', async () => {
    const { passed, failed, said } = await files.run([
      files.write('good', GOOD),
      files.write('bad', BAD),
      files.write('as-good', GOOD),
    ])
    expect({ passed, failed }).to.deep.equal({ passed: 5, failed: 1 })
    expect(said).to.match(/\nSkipped\n.*good\.test\.cjs: waits \(skipped: for a server\)\n/)
  })

  it('says a failure in full when it happens and again at the end: its stack, and what the test wrote', async () => {
    const { said } = await files.run([files.write('told', BAD)])
    const [before, after] = said.split('\nWhat failed\n')
    for (const part of [before, after])
      expect(part)
        .to.contain('a word before')
        .and.contain('Error: a reason')
        .and.match(/told\.test\.cjs:2:\d+/)
  })

  it('ends with the ten files that took longest', () => {
    const said: string[] = []
    const report = new Report({ total: 12, say: (line: string) => said.push(line) })
    for (let seconds = 1; seconds <= 12; seconds += 1) report.add({ ...RESULT, file: `${seconds}.test.ts`, seconds })
    report.end()
    const slowest = said.filter((line) => line.startsWith('    ')).map((line) => line.trim())
    const expected = [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((seconds) => `${seconds}.0 s  ${seconds}.test.ts`)
    expect(slowest).to.deep.equal(expected)
  })

  it('says beside each file that another Node runs it', () => {
    const said: string[] = []
    const report = new Report({ total: 2, on: 'Node 24', say: (line: string) => said.push(line) })
    report.add({ ...RESULT, seconds: 1 })
    report.end()
    expect(said[0]).to.match(/any\.test\.ts .* 1\/2 on Node 24$/)
    expect(said[1]).to.equal('\nThe slowest files on Node 24')
  })

  it('fails a file that cannot be loaded, and runs those after it', async () => {
    const { results } = await files.runInOneProcess([
      files.write('unloadable', `throw new Error('not today')`),
      files.write('after', GOOD),
    ])
    expect(results).to.have.length(2)
    expect(results[0]).to.include({ passed: 0, failed: 1 })
    expect(results[0].output).to.contain('Error: not today')
    expect(results[1]).to.include({ passed: 2, failed: 0 })
  })

  it('fails a file that holds no test, or one that runs alone what it should run with the rest', async () => {
    const { failed, said } = await files.run([
      files.write('empty', ''),
      files.write('alone', `${ALONE}('is alone', () => {})`),
    ])
    expect(failed).to.equal(2)
    expect(said).to.contain('empty.test.cjs: it holds no test').and.contain('`.only` forbidden')
  })

  it('fails a file that leaves a rejection unhandled', async () => {
    const body = `it('is good', async () => { void Promise.reject(new Error('unseen')); await new Promise(setImmediate) })`
    const { results } = await files.runInOneProcess([files.write('unhandled', body)])
    expect(results[0].failed).to.be.above(0)
    expect(results[0].output).to.contain('Error: unseen')
  })

  it('fails a file whose process crashes, by its name and with its output, and runs those after it', async () => {
    const crash = `it('is good', () => {})\nit('ends', () => { console.log('last words'); process.exit(3) })`
    const list = [files.write('crash', crash), files.write('next', GOOD)]
    const { results, left } = await files.runInOneProcess(list)
    expect(results).to.have.length(1)
    expect(results[0]).to.include({ file: list[0], passed: 1, trouble: 'its process ended with 3' })
    expect(results[0].output).to.contain('last words')
    expect(left).to.deep.equal([list[1]])

    const { passed, failed, said } = await files.run(list)
    expect({ passed, failed }).to.deep.equal({ passed: 3, failed: 1 })
    expect(said).to.contain('crash.test.cjs: its process ended with 3')
  })

  it('stops a file that hangs, with the programs that it has started', async () => {
    const pidFile = files.path('hanging-child')
    const hang = `${START_CHILD(pidFile)}\nit('hangs', () => new Promise(() => {})).timeout(0)`
    const { results } = await files.runInOneProcess([files.write('hang', hang)], { limitSeconds: 6 })
    expect(results[0].trouble).to.equal('it hangs: it was stopped after 6 s')
    await waitFor('its program to end', () => !isRunning(pidIn(pidFile)))
  })

  it('stops what a file leaves running, and fails one whose process does not end', async () => {
    const pidFile = files.path('left-child')
    const leave = `${START_CHILD(pidFile)}\nit('is good', () => {})\nsetInterval(() => {}, 1000)`
    const { results } = await files.runInOneProcess([files.write('leave', leave)], { endMs: 500 })
    expect(results.map(({ passed }) => passed)).to.deep.equal([1, 0])
    expect(results[1].trouble).to.equal('it does not end: 0.5 s after its last test')
    await waitFor('its program to end', () => !isRunning(pidIn(pidFile)))
  })

  it('lets a test take so many times as long as the patience of the run, also where it sets its own limit', async () => {
    const slow = `it('is slow', async function () { this.timeout(20); await new Promise((end) => setTimeout(end, 60)) })`
    const file = files.write('slow', slow)
    const patience = process.env.STREAMERS_TEST_PATIENCE
    const failedWith = async (given: string): Promise<number> => {
      process.env.STREAMERS_TEST_PATIENCE = given
      return (await files.runInOneProcess([file])).results[0].failed
    }
    try {
      expect([await failedWith('1'), await failedWith('1000')]).to.deep.equal([1, 0])
    } finally {
      if (patience === undefined) delete process.env.STREAMERS_TEST_PATIENCE
      else process.env.STREAMERS_TEST_PATIENCE = patience
    }
  })

  it('gives each file the environment of the run, whatever the one before it has set', async () => {
    const sets = `process.env.STREAMERS_SET_BY_A_TEST = 'a'; delete process.env.HOME\n${GOOD}`
    const looks = `const { STREAMERS_SET_BY_A_TEST, HOME } = process.env
      it('sees nothing of it', () => { if (STREAMERS_SET_BY_A_TEST || !HOME) throw new Error('changed') })`
    const { results } = await files.runInOneProcess([files.write('sets', sets), files.write('looks', looks)])
    expect(results.map(({ failed }) => failed)).to.deep.equal([0, 0])
  })

  it('has what sets variables for a file set them again for the next one', async () => {
    const environment = files.write(
      ['test', 'support', 'environment.ts'],
      `process.env.STREAMERS_SET_BY_A_TEST = 'a'\n`
    )
    const looks = `require(${JSON.stringify(environment)})
      it('sees it', () => { if (process.env.STREAMERS_SET_BY_A_TEST !== 'a') throw new Error('not set') })`
    const { results } = await files.runInOneProcess([files.write('one', looks), files.write('other', looks)])
    expect(results.map(({ failed }) => failed)).to.deep.equal([0, 0])
  })

  it('fails a file that takes longer than its budget', () => {
    const patience = Number(process.env.STREAMERS_TEST_PATIENCE ?? 1)
    const said: string[] = []
    const report = new Report({ total: 1, say: (line: string) => said.push(line) })
    report.add({ ...RESULT, seconds: 239 * patience })
    expect(report.end()).to.deep.equal({ passed: 3, failed: 0 })
    report.add({ ...RESULT, seconds: 241 * patience })
    expect(report.end()).to.deep.equal({ passed: 6, failed: 1 })
    expect(said.join('\n')).to.contain(`it took ${241 * patience} s, and its budget is ${240 * patience} s`)
  })

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    it(`leaves no process behind when it ends by ${signal}`, async () => {
      const pidFile = files.path(`child-${signal}`)
      const file = files.write(`long-${signal}`, `${START_CHILD(pidFile)}\nit('waits', () => new Promise(() => {}))`)
      const runner = runApart(file)
      try {
        await waitFor('the test to run', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '')
        runner.kill(signal)
        await waitFor('what the test has started to end', () => !isRunning(pidIn(pidFile)))
      } finally {
        runner.kill('SIGKILL')
      }
    })
  }

  describe('plans', () => {
    it('the longest first: heavy files alone, quick ones of a package in one process', () => {
      const weights = {
        'packages/a/test/1.test.ts': 1,
        'packages/a/test/2.test.ts': 2,
        'packages/b/test/1.test.ts': 3,
        'test/heavy.test.ts': 90,
      }
      expect(plan([...Object.keys(weights), 'test/new.test.ts'], weights)).to.deep.equal([
        { files: ['test/heavy.test.ts'], seconds: 90 },
        { files: ['test/new.test.ts'], seconds: 5 },
        { files: ['packages/a/test/1.test.ts', 'packages/a/test/2.test.ts'], seconds: 3 },
        { files: ['packages/b/test/1.test.ts'], seconds: 3 },
      ])
    })

    it('no more side by side than it was told, and begins the longest first', async () => {
      let running = 0
      let most = 0
      const begun: number[] = []
      const job = (seconds: number): Job => ({
        seconds,
        run: async () => {
          begun.push(seconds)
          most = Math.max(most, (running += 1))
          await new Promise(setImmediate)
          running -= 1
          return seconds === 3 ? [job(1)] : []
        },
      })
      await runPool([job(2), job(5), job(3), job(4)], 2)
      expect(begun).to.deep.equal([5, 4, 3, 2, 1])
      expect(most).to.equal(2)
    })
  })
})

/** A line of a test file that starts a program which would go on for a long time. */
function START_CHILD(pidFile: string): string {
  return `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(
    require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)']).pid))`
}

function pidIn(file: string): number {
  return Number(readFileSync(file, 'utf8'))
}

/** The runner as a process of its own, on one file. */
function runApart(file: string): ReturnType<typeof spawn> {
  const at = (path: string): string => JSON.stringify(join(ROOT, 'scripts/lib', path))
  const program = `
    const { runPool, stopWorkersAtEnd } = require(${at('tests/pool.ts')})
    const { unitTests } = require(${at('unit-tests.ts')})
    stopWorkersAtEnd()
    void runPool(unitTests({ files: [${JSON.stringify(file)}] }).jobs)`
  return spawn(process.execPath, ['--import=tsx', '-e', program], { cwd: ROOT, stdio: 'ignore' })
}
