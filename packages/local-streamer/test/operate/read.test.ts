import { expect } from 'chai'
import type { ExternalEvent, ReplayRange } from '@boostercloud/streamer-connector'
import type { LocalStreamer } from '../../src'
import { field, notes } from '../support/note'
import { rejection } from '../../../streamer-connector/test/support/rejection'
import { useTemporary } from '../support/temporary'

describe('read', () => {
  const { streamer, path } = useTemporary()

  async function collect(local: LocalStreamer, range: ReplayRange): Promise<ExternalEvent[]> {
    const events: ExternalEvent[] = []
    for await (const event of local.read('posts', range)) events.push(event)
    return events
  }

  it('gives what lies from one position up to another, and all without bounds', async () => {
    const local = streamer()
    await local.publish(notes(3), 'users')
    await local.publish(notes(450), 'posts')
    const ids = (await collect(local, {})).map(({ eventId }) => eventId)
    expect(ids).to.have.length(450)
    expect(field(await collect(local, { from: ids[10], to: ids[13] }), 'n')).to.deep.equal([10, 11, 12])
    expect(field(await collect(local, { from: ids[448] }), 'n')).to.deep.equal([448, 449])
    expect(field(await collect(local, { to: ids[2] }), 'n')).to.deep.equal([0, 1])
    expect(await collect(local, { from: ids[13], to: ids[10] })).to.deep.equal([])
  })

  it('gives what was published from one time up to another', async () => {
    const local = streamer()
    await local.publish(notes(2), 'posts')
    const between = await nextMillisecond()
    await local.publish(notes(3), 'posts')
    expect(await collect(local, { from: between })).to.have.length(3)
    expect(await collect(local, { to: between })).to.have.length(2)
    expect(await collect(local, { from: new Date(Date.now() + 60_000) })).to.deep.equal([])
    expect(await collect(local, { to: new Date(0) })).to.deep.equal([])
  })

  it('ends with what was there when it started', async () => {
    const local = streamer()
    await local.publish(notes(2), 'posts')
    const seen: unknown[] = []
    for await (const event of local.read('posts', {})) {
      seen.push(event)
      await local.publish(notes(1), 'posts')
    }
    expect(seen).to.have.length(2)
  })

  it('refuses a position of another log', async () => {
    const other = streamer({ path: path('other') })
    await other.publish(notes(1), 'posts')
    const [{ eventId }] = await other.poll('posts')
    await rejection(collect(streamer(), { from: eventId }), 'OPTION_INVALID')
    await rejection(collect(streamer(), { to: 'nonsense' }), 'OPTION_INVALID')
  })
})

async function nextMillisecond(): Promise<Date> {
  const now = Date.now()
  while (Date.now() <= now) await new Promise((resolve) => setImmediate(resolve))
  return new Date()
}
