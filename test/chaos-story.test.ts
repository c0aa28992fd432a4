import { expect } from 'chai'
import { check } from '../chaos/check'
import type { History, StoredStep, WitnessLine } from '../chaos/history'
import { storiesOf } from '../chaos/story'

const step = (origin: string, at: number): StoredStep => ({ key: 'red', origin, at })
const line = (what: 'start' | 'end', stage: 'second' | 'third', origin: string, key = 'red'): WitnessLine => ({
  what,
  stage,
  pid: 7,
  key,
  origin,
  at: 1_500,
})

const stored = [step('1.0', 1), step('spare-2.0', 2)]
const history: History = {
  run: { seed: 1, streamer: 'kafka', failpoints: [], neverReached: [] },
  journal: ['1.0', 'spare-2.0'].map((origin) => ({ what: 'intent', key: 'red', origins: [origin] })),
  witness: [
    line('start', 'second', '0.0', 'red'),
    line('start', 'second', '1.0'),
    line('end', 'second', '1.0'),
    line('start', 'third', '9.0', 'blue'),
    line('start', 'third', 'spare-2.0'),
    { what: 'server', fault: 'kill', from: 2_000, to: 2_750 },
    line('end', 'third', '1.0'),
    line('start', 'third', '3.0'),
  ],
  stores: { first: stored, second: stored, third: [...stored].reverse() },
}

describe('the story of an event that is wrong', () => {
  it('has what happened to its key and to everybody, from its first handler to its last', () => {
    const verdict = check(history)
    expect(verdict.reordered).to.deep.equal(['1.0: out of order in third'])
    expect(storiesOf(history, verdict)).to.deep.equal([
      '1.0 of red, from its first handler to its last:',
      '  00:00:01.500 second 7 start 1.0',
      '  00:00:01.500 second 7 end 1.0',
      '  00:00:01.500 third 7 start spare-2.0',
      '  00:00:02.000 server kill for 750 ms',
      '  00:00:01.500 third 7 end 1.0',
    ])
  })

  it('is not told where nothing is wrong', () => {
    const right = { ...history, stores: { ...history.stores, third: stored } }
    expect(storiesOf(right, check(right))).to.deep.equal([])
  })
})
