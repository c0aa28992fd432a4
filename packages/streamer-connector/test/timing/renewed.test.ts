import { expect } from 'chai'
import { Renewed } from '../../src/timing'
import { StreamerError } from '@boostercloud/streamer-connector'
import { rejection } from '../support/rejection'

/** A thing that fails as often as it is told to, and can be lost. */
class Making {
  public readonly ended: number[] = []
  public readonly lost: number[] = []
  public made = 0
  public lose: (reason: unknown) => void = () => undefined

  public constructor(private fails = 0) {}

  public async open(lost: (reason: unknown) => void): Promise<number> {
    this.made += 1
    this.lose = lost
    if (this.made <= this.fails) throw new Error(`failure ${this.made}`)
    return this.made
  }

  public async close(value: number): Promise<void> {
    this.ended.push(value)
  }

  public closed(): Error {
    return closed()
  }

  public onLost(value: number): void {
    this.lost.push(value)
  }
}

const closed = (): Error => new StreamerError('CLOSED', 'It is closed.')

describe('what is made again', () => {
  it('is made once, when it is first asked for', async () => {
    const making = new Making()
    const renewed = new Renewed(making)
    expect(renewed.isWanted).to.equal(false)
    expect(await Promise.all([renewed.get(), renewed.get()])).to.deep.equal([1, 1])
    expect(await renewed.get()).to.equal(1)
    await renewed.stop()
    expect(making.ended).to.deep.equal([1])
  })

  it('is tried again by itself until it works; whoever waits has the failure', async () => {
    const renewed = new Renewed(new Making(2))
    for (const n of [1, 2]) {
      const failed = await renewed.get().catch((error: Error) => error.message)
      expect(failed).to.equal(`failure ${n}`)
      expect((renewed.failure as Error).message).to.equal(`failure ${n}`)
    }
    expect(await renewed.get()).to.equal(3)
    expect(renewed.failure).to.equal(undefined)
    await renewed.stop()
  })

  it('is made again when it is lost, once for each loss', async () => {
    const making = new Making()
    const renewed = new Renewed(making)
    await renewed.get()
    const { lose } = making
    lose(new Error('gone'))
    lose(new Error('gone'))
    expect(renewed.current).to.equal(undefined)
    expect(await renewed.get()).to.equal(2)
    lose(new Error('gone'))
    expect(renewed.current).to.equal(2)
    expect(making.lost).to.deep.equal([1])
    await renewed.stop()
  })

  it('waits less where the reason may be gone', async () => {
    const making = new Making(1)
    const renewed = new Renewed(making)
    await renewed.get().catch(() => undefined)
    const next = renewed.get()
    renewed.hurry()
    expect(await next).to.equal(2)
    await renewed.stop()
  })

  it('ends what waits, and what is made meanwhile, when it is stopped', async () => {
    let finish: (value: string) => void = () => undefined
    const ended: string[] = []
    const renewed = new Renewed<string>({
      open: () => new Promise((resolve) => (finish = resolve)),
      close: async (value) => void ended.push(value),
      closed,
    })
    const waiting = rejection(renewed.get(), 'CLOSED')
    const stopped = renewed.stop()
    await waiting
    finish('late')
    await stopped
    expect(ended).to.deep.equal(['late'])
    await rejection(renewed.get(), 'CLOSED')
    await renewed.stop()
  })
})
