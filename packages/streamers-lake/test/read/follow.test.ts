import { expect } from 'chai'
import { eventually } from '../../../streamers/test/support/eventually'
import type { FollowOptions } from '../../src'
import { recorded } from '../support/events'
import { MadeLake } from '../support/made-lake'

describe('lake.follow', function () {
  this.timeout(60_000)

  let made: MadeLake

  beforeEach(async () => {
    made = await MadeLake.of([recorded(1), recorded(2, { type: 'PostDeleted' })])
  })
  afterEach(async () => made.remove())

  /** The positions that it gives until so many have come; `begun` is awaited before the first is asked for. */
  async function positions(options: FollowOptions, count: number, during: () => Promise<unknown>): Promise<unknown[]> {
    const ending = new AbortController()
    const events = made.lake.follow({ type: 'PostCreated' }, { ...options, signal: ending.signal })
    const found: unknown[] = []
    const first = events.next()
    await during()
    for (let next = await first; !next.done; next = await events.next()) {
      found.push(next.value.position)
      if (found.length === count) ending.abort()
    }
    return found
  }

  it('begins at the first event, goes on with what is recorded, and ends when it is aborted', async () => {
    expect(await positions({ from: 'first' }, 3, () => made.add([recorded(3), recorded(4)]))).to.deep.equal([1, 3, 4])
  })

  it('begins with what is recorded from now on', async () => {
    const ending = new AbortController()
    const events = made.lake.follow({}, { signal: ending.signal })
    const first = events.next()
    try {
      // Where it has begun cannot be seen: more is recorded until something comes.
      let came = false
      void first.then(() => (came = true))
      let position = 2
      await eventually(async () => {
        if (!came) await made.add([recorded((position += 1))])
        return came
      })
      const { value } = await first
      expect(value?.position).to.be.greaterThan(2)
    } finally {
      ending.abort()
      await events.return()
    }
  })
})
