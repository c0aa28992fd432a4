import { expect } from 'chai'
import { OnDemand, Signal, StreamerError, endsWithin, within } from '@boostercloud/streamer-connector'
import { rejection } from '../support/rejection'

const never = new Promise<never>(() => undefined)

describe('waiting with a limit', () => {
  it('comes to what the promise does, in time', async () => {
    expect(await within(10_000, Promise.resolve(1))).to.equal(1)
    const failed = await within(10_000, Promise.reject(new Error('refused'))).catch((error: Error) => error.message)
    expect(failed).to.equal('refused')
    expect(await within(Infinity, Promise.resolve(2))).to.equal(2)
  })

  it('comes to what is said for then, after its time', async () => {
    expect(await within(1, never, () => 'late')).to.equal('late')
    expect(await within(1, never).catch((error: Error) => error.message)).to.equal('no answer within 1 ms')
  })

  it('waits also for longer than a timer can', async () => {
    let resolve: (value: string) => void = () => undefined
    const work = new Promise<string>((done) => (resolve = done))
    const waiting = within(2 ** 40, work, () => 'late')
    setImmediate(() => resolve('in time'))
    expect(await waiting).to.equal('in time')
  })

  it('says whether something has ended, however it has', async () => {
    expect(await endsWithin(10_000, Promise.resolve())).to.equal(true)
    expect(await endsWithin(10_000, Promise.reject(new Error('refused')))).to.equal(true)
    expect(await endsWithin(1, never)).to.equal(false)
  })
})

describe('a signal', () => {
  it('lets everybody go on who waits, and keeps nothing', async () => {
    const signal = new Signal()
    const ended: string[] = []
    const waiting = [signal.next().then(() => ended.push('a')), signal.next(10_000).then(() => ended.push('b'))]
    signal.give()
    await Promise.all(waiting)
    expect(ended).to.deep.equal(['a', 'b'])
    expect(await endsWithin(1, signal.next())).to.equal(false)
  })

  it('is not waited for longer than its limit', async () => {
    const signal = new Signal()
    await signal.next(1)
    await signal.next(0)
  })
})

describe('what is opened on demand', () => {
  const closed = (): Error => new StreamerError('CLOSED', 'It is closed.')

  it('is opened once for all, again after a failure, and anew when it is gone', async () => {
    const gone = new Set<number>()
    const ended: number[] = []
    let opened = 0
    const it = new OnDemand<number>({
      open: async () => {
        opened += 1
        if (opened === 1) throw new Error('away')
        return opened
      },
      close: async (value) => void ended.push(value),
      isGone: (value) => gone.has(value),
      closed,
    })
    expect(it.opening).to.equal(undefined)
    expect(await it.get().catch((error: Error) => error.message)).to.equal('away')
    expect((it.failure as Error).message).to.equal('away')
    expect(await Promise.all([it.get(), it.get()])).to.deep.equal([2, 2])
    expect(it.failure).to.equal(undefined)
    gone.add(2)
    expect(await Promise.all([it.get(), it.get()])).to.deep.equal([3, 3])
    expect(ended).to.deep.equal([2])
    await it.end()
    await it.end()
    expect(ended).to.deep.equal([2, 3])
    await rejection(it.get(), 'CLOSED')
  })

  it('is closed when it is open, where it is ended before', async () => {
    let finish: (value: string) => void = () => undefined
    const ended: string[] = []
    const it = new OnDemand<string>({
      open: () => new Promise((resolve) => (finish = resolve)),
      close: async (value) => void ended.push(value),
      closed,
    })
    const waiting = it.get()
    const end = it.end()
    finish('late')
    await end
    expect(ended).to.deep.equal(['late'])
    expect(await waiting).to.equal('late')
  })
})
