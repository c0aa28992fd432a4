import { expect } from 'chai'
import { LifeCycle } from '../../src/runtime'

/** Streaming whose parts begin and end when a test says so, and that remembers what was asked of it. */
class Steps {
  public readonly drainMs = 600_000
  public readonly asked: string[] = []
  private readonly ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>()

  public claimState = (): Promise<void> => this.step('claim')
  public start = (): Promise<void> => this.step('start')
  public drain = async (): Promise<void> => void this.asked.push('drain')

  /** Lets a part end, when it has begun. */
  public async end(part: string, error?: Error): Promise<void> {
    const { resolve, reject } = this.ends.get(part) as { resolve: () => void; reject: (error: Error) => void }
    if (error) reject(error)
    else resolve()
    await new Promise(setImmediate)
  }

  public step(name: string): Promise<void> {
    this.asked.push(name)
    return new Promise((resolve, reject) => this.ends.set(name, { resolve, reject }))
  }
}

describe('start and end of streaming', () => {
  it('drains what is being started when it has started, so that nothing begins afterwards', async () => {
    const steps = new Steps()
    const life = new LifeCycle(steps)
    const started = life.start(() => steps.step('rest'))
    await steps.end('claim')
    await steps.end('rest')
    const drained = life.drain()
    await new Promise(setImmediate)
    expect(steps.asked).to.deep.equal(['claim', 'rest', 'start'])
    await steps.end('start')
    await Promise.all([drained, started, life.drain()])
    expect(steps.asked).to.deep.equal(['claim', 'rest', 'start', 'drain'])
  })

  it('does not wait for a state or a group that it is waiting for, and starts nothing once it is drained', async () => {
    const steps = new Steps()
    const life = new LifeCycle(steps)
    const started = life.start(() => steps.step('rest'))
    await life.drain()
    await steps.end('claim', new Error('The state is closed.'))
    await started
    expect(steps.asked).to.deep.equal(['claim', 'drain'])
  })

  it('rejects with why it could not start where nobody has ended it', async () => {
    const steps = new Steps()
    const started = new LifeCycle(steps).start().catch((error: unknown) => error)
    await steps.end('claim', new Error('Another process has the state.'))
    expect(String(await started)).to.contain('Another process')
    expect(steps.asked).to.deep.equal(['claim'])
  })
})
