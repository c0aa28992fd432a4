import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { StreamerConnector } from '@boostercloud/streamer-connector'
import { conformanceCases, missingNeeds, runCase } from '../src/entries/conformance'
import type { ConformanceCase, ConnectorUnderTest } from '../src/entries/conformance'
import { logHarness } from './support/log-harness'

const caseNamed = (name: string): ConformanceCase =>
  conformanceCases.find((each) => each.name === name) as ConformanceCase

/** A connector with the two methods of the contract and nothing else. */
function bare(full: StreamerConnector): StreamerConnector {
  const { publish, poll } = full as StreamerConnector & { poll: (topic?: string, id?: string) => Promise<never[]> }
  return { publish: publish.bind(full), poll: poll.bind(full) }
}

describe('the conformance cases', () => {
  it('have names of their own, as snake_case', () => {
    const names = conformanceCases.map(({ name }) => name)
    expect(new Set(names).size).to.equal(names.length)
    for (const name of names) expect(name).to.match(/^[a-z]+(_[a-z]+)+$/)
  })

  it('stand in the README, each with what it asserts', () => {
    const readme = readFileSync(join(__dirname, '../README.md'), 'utf8')
    const rows = [...readme.matchAll(/^\| (\w+) +\| `(\w+)` +\| (.+?) +\|$/gm)].map(([, ...cells]) => cells)
    expect(rows).to.deep.equal(conformanceCases.map(({ room, name, asserts }) => [room, name, asserts]))
  })

  it('are skipped by name where something is missing', async () => {
    const { create, topic, tearDown } = logHarness('receiver')
    const harness: ConnectorUnderTest = { create, topic, tearDown }
    const { outcome, missing } = await runCase(caseNamed('ack_is_durable'), harness)
    expect({ outcome, missing }).to.deep.equal({ outcome: 'skipped', missing: ['harness.inOtherProcess'] })
    expect(missingNeeds(caseNamed('each_event_once_a_session'), harness)).to.deep.equal([
      'capabilities.position=broker',
    ])
    await tearDown()
  })

  it('fail where the harness throws', async () => {
    const harness: ConnectorUnderTest = {
      create: () => {
        throw new Error('no connector today')
      },
      topic: () => 'posts',
    }
    const { outcome, error } = await runCase(caseNamed('missing_key'), harness)
    expect(outcome).to.equal('failed')
    expect((error as Error).message).to.equal('no connector today')
  })

  it('fail where the capabilities are not the expected ones', async () => {
    const harness = logHarness('receiver')
    const expected = {
      position: 'receiver',
      ordering: 'key',
      durable: true,
      replay: true,
      maxEventBytes: 20_000,
      delivery: 'poll',
    } as const
    const { outcome } = await runCase(caseNamed('declares_its_capabilities'), harness, { capabilities: expected })
    expect(outcome).to.equal('failed')
    await harness.tearDown()
  })
})

describe('a connector with only publish and poll', () => {
  const harness = logHarness('receiver')
  const publishForeign = harness.publishForeign
  const plain: ConnectorUnderTest = {
    create: (overrides) => bare(harness.create(overrides)),
    topic: harness.topic,
    publishForeign,
  }
  after(() => harness.tearDown())

  for (const conformanceCase of conformanceCases) {
    it(`passes ${conformanceCase.name}, or is spared it by name`, async () => {
      const { outcome, missing, error } = await runCase(conformanceCase, plain)
      if (outcome === 'failed') throw error
      expect(missing.length > 0).to.equal(outcome === 'skipped')
    })
  }
})

describe('the package', () => {
  const run = (code: string): string =>
    execFileSync(process.execPath, ['-e', code], { cwd: __dirname, encoding: 'utf8', stdio: 'pipe' })

  it('loads without mocha, and testConnector then says what is missing', () => {
    const kit = JSON.stringify(require.resolve('@boostercloud/streamer-testkit/conformance'))
    const code = `const { testConnector } = require(${kit}); try { testConnector(() => ({})) } catch (e) { console.log(e.code, e.hint) }`
    expect(run(code)).to.match(/^PACKAGE_MISSING .*runCase/)
  })
})
