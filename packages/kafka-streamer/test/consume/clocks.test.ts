import { isStreamerError } from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { describeWithServer } from '@boostercloud/dev-brokers'
import { ClockWatch } from '../../src/consume/clock-watch'
import { Streamers, notes, numbersOf } from '../support/streamers'
import { until } from '../support/until'

const HOUR_MS = 3_600_000

/** The clock is looked at every second. */
async function passes(ms: number): Promise<void> {
  const begun = performance.now()
  await until(`${ms} ms to pass`, () => performance.now() - begun > ms)
}

describe('a clock that is set back, on Kafka', function () {
  this.timeout(120_000)

  it('is noticed, however far it was ahead; one that goes evenly, or ahead, is not', () => {
    let [now, passed] = [0, 0]
    const told: number[] = []
    const watch = new ClockWatch((byMs) => told.push(byMs), { now: () => now, passed: () => passed })
    const look = (goesOn: number, isSetTo = now + goesOn): number[] => {
      passed += goesOn
      now = isSetTo
      watch.look()
      return told.splice(0)
    }
    expect(look(1_000)).to.deep.equal([])
    expect(look(1_000, 2_000 + HOUR_MS)).to.deep.equal([])
    expect(look(1_000, 3_000)).to.deep.equal([HOUR_MS])
    expect(look(1_000)).to.deep.equal([])
    expect(look(1_000, 3_500), 'a little').to.deep.equal([])
    watch.stop()
  })

  describeWithServer('kafka', (server) => {
    const streamers = new Streamers(() => server().url)
    const machine = Date.now
    afterEach(async () => {
      Date.now = machine
      await streamers.close()
    })

    it('has the service join its group anew, where kafkajs would send no heartbeat until it is that time again', async () => {
      const topic = await streamers.topic()
      const warnings: string[] = []
      const quiet = (): void => undefined
      const logger = { debug: quiet, info: quiet, error: quiet, warn: (message: string) => warnings.push(message) }
      const reader = streamers.open('clocks')
      reader.attach({ streamerId: 'main', appName: 'clocks', environment: 'test', logger })
      const received: number[] = []
      const receives = async (n: number): Promise<void> => {
        await streamers.open().publish(notes(1, { from: n }), topic)
        await until(`event ${n}`, async () => {
          const events = await reader.poll(topic).catch((thrown: unknown) => {
            if (isStreamerError(thrown, 'STREAMER_UNAVAILABLE')) return []
            throw thrown
          })
          received.push(...numbersOf(events))
          if (events.length > 0) await reader.acknowledge(events[events.length - 1].eventId as string, topic)
          return received.includes(n)
        })
      }
      await receives(0)
      let last = 0
      // A clock set ahead can end a request that was under way: the consumer that begins after that may see the clock only when it is right again.
      await until('the clock to be noticed', async () => {
        Date.now = () => machine() + HOUR_MS
        await receives(++last)
        await passes(2_500)
        Date.now = machine
        await passes(2_500)
        return warnings.some((message) => message.includes('set back by 36'))
      })
      await receives(++last)
    })
  })
})
