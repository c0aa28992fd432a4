import { expect } from 'chai'
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import {
  isAttachable,
  isClosable,
  isDeclaring,
  isGroupOwning,
  isHealthReporting,
  isPolling,
  isReplayable,
  isStreamerConnector,
  isStreamerError,
} from '@boostercloud/streamer-connector'
import { LocalStreamer } from '../../src'
import type { LocalStreamerOptions } from '../../src'
import { settingsFrom } from '../../src/options'

const WRONG: Record<keyof LocalStreamerOptions, unknown[]> = {
  path: ['', 7, null, undefined, 'a\0b'],
  defaultTopic: ['', 7, null],
  codec: [null, {}, 'json', { encode: () => undefined }],
  source: ['', 7],
  group: ['', 7, null],
  maxEventBytes: [0, -1, 1.5, NaN, Infinity, '10', 100_000_001],
  pollWaitMs: [-1, 0.5, NaN, '10', 3_600_001],
  pollBatch: [0, -1, 100_001, '10'],
  retention: [null, 7, []],
  writeTimeoutMs: [-1, NaN, '10'],
  synchronous: ['full', 'OFF', 1],
}

describe('LocalStreamer.with', () => {
  it('makes a connector with its optional interfaces and capabilities, and opens nothing', () => {
    const local = LocalStreamer.with({ path: '/nowhere/at/all' })
    const guards = [
      isStreamerConnector,
      isPolling,
      isDeclaring,
      isAttachable,
      isClosable,
      isGroupOwning,
      isReplayable,
      isHealthReporting,
    ]
    expect(guards.map((guard) => guard(local))).to.deep.equal(guards.map(() => true))
    expect(local.capabilities).to.deep.equal({
      position: 'receiver',
      ordering: 'topic',
      durable: true,
      replay: true,
      places: true,
      delivery: 'poll',
      maxEventBytes: 1_000_000,
      defaultTopic: undefined,
      topicRequired: true,
    })
    expect(existsSync('/nowhere')).to.equal(false)
  })

  for (const [name, values] of Object.entries(WRONG)) {
    it(`refuses a wrong ${name} and names it`, () => {
      for (const value of values) {
        const options = { path: 'log', [name]: value } as LocalStreamerOptions
        const thrown = caught(() => LocalStreamer.with(options))
        expect(isStreamerError(thrown, 'OPTION_INVALID'), `${String(value)}: ${String(thrown)}`).to.equal(true)
        expect((thrown as { at: string }).at).to.equal(name)
      }
    })
  }

  it('refuses options that it does not have, and none at all', () => {
    for (const options of [undefined, null, {}, { path: 'log', Path: 'x' }, { path: 'log', constructor: 1 }]) {
      const thrown = caught(() => LocalStreamer.with(options as LocalStreamerOptions))
      expect(isStreamerError(thrown, 'OPTION_INVALID'), JSON.stringify(options)).to.equal(true)
    }
  })

  it('names what is wrong with the retention', () => {
    for (const [name, retention] of [
      ['maxAgeMs', { maxAgeMs: 0 }],
      ['maxBytes', { maxBytes: '1' }],
      ['maxbytes', { maxbytes: 1 }],
    ] as const) {
      const thrown = caught(() => LocalStreamer.with({ path: 'log', retention } as LocalStreamerOptions))
      expect(thrown).to.include({ code: 'OPTION_INVALID', at: `retention.${name}` })
    }
  })

  it('keeps what is given, completes what is not, and changes nothing of what it was given', () => {
    const number = (min: number, max: number): fc.Arbitrary<number | undefined> =>
      fc.option(fc.integer({ min, max }), { nil: undefined })
    const valid = fc.record({
      path: fc.string({ minLength: 1 }).filter((text) => !text.includes('\0')),
      maxEventBytes: number(1, 100_000_000),
      pollWaitMs: number(0, 3_600_000),
      pollBatch: number(1, 100_000),
      writeTimeoutMs: number(0, 3_600_000),
      synchronous: fc.constantFrom('FULL' as const, 'NORMAL' as const, undefined),
      retention: fc.constantFrom({}, { maxAgeMs: 1 }, { maxBytes: 5 }, undefined),
    })
    fc.assert(
      fc.property(valid, (options) => {
        const frozen = Object.freeze({ ...options })
        const settings = settingsFrom(frozen) as unknown as Record<string, unknown>
        const defaults = settingsFrom({ path: 'log' }) as unknown as Record<string, unknown>
        for (const [name, value] of Object.entries(options))
          expect(settings[name]).to.deep.equal(value ?? defaults[name])
      })
    )
  })
})

function caught(work: () => unknown): unknown {
  try {
    return work()
  } catch (thrown) {
    return thrown
  }
}
