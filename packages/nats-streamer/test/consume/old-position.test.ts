import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { field, notes, pollUntil } from '../support/note'
import { operate } from '../support/plain-client'
import { useStreamers } from '../support/use-streamers'

describe('a position that an earlier version kept', () => {
  describeWithServer('nats', (server) => {
    const { streamer, stream } = useStreamers(server)

    /** When the stream was made, in nanoseconds since 1970, and a sequence: so positions were written from the first version on. */
    async function oldPosition(sequence: number): Promise<string> {
      const { created } = await operate(
        server().url,
        async ({ streams }) => (await streams.info(stream())) as { created: string }
      )
      const [seconds, fraction = ''] = created.replace(/(?:Z|[+-]\d\d:\d\d)$/, '').split('.')
      const zone = /(?:Z|[+-]\d\d:\d\d)$/.exec(created)?.[0] ?? 'Z'
      return `${Date.parse(`${seconds}${zone}`) / 1000}${fraction.padEnd(9, '0')}:${sequence}`
    }

    it('is read on from: nothing is skipped and nothing comes again', async () => {
      const nats = streamer()
      await nats.publish(notes(5), 'posts')
      const events = await pollUntil(nats, 'posts', 3, await oldPosition(2))
      expect(field(events, 'n')).to.deep.equal([2, 3, 4])
    })

    it('begins at the first event where the stream was made anew', async () => {
      const nats = streamer()
      await nats.publish(notes(2), 'posts')
      const position = await oldPosition(2)
      await operate(server().url, async ({ streams }) => streams.delete(stream()))
      const again = streamer()
      await again.publish(notes(3), 'posts')
      const events = await pollUntil(streamer(), 'posts', 3, position)
      expect(field(events, 'n')).to.deep.equal([0, 1, 2])
    })
  })
})
