import { expect } from 'chai'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { lockExclusively } from '../src'
import { Child } from './support/child'
import { rejection } from '../../streamer-connector/test/support/rejection'
import { useTemporary } from './support/temporary'

describe('lockExclusively', () => {
  const { path } = useTemporary()

  it('is held by one at a time and can be taken after its release', async () => {
    const first = await lockExclusively(path('lock'), { holder: 'blog' })
    const error = await rejection(lockExclusively(path('lock'), { holder: 'newsletter' }), 'STORAGE_BUSY')
    expect(error.message).to.include(`blog (pid ${process.pid})`)
    expect(error.at).to.equal(path('lock'))
    await Promise.all([first.release(), first.release()])
    const second = await lockExclusively(path('lock'), { holder: 'newsletter' })
    await first.release()
    await rejection(lockExclusively(path('lock'), { holder: 'blog' }), 'STORAGE_BUSY')
    await second.release()
    expect(existsSync(path('lock.holder'))).to.equal(false)
  })

  it('is taken by exactly one of many that come at once', async () => {
    const tries = Array.from({ length: 6 }, (_, n) => lockExclusively(path('lock'), { holder: `service ${n}` }))
    const outcomes = await Promise.allSettled(tries)
    const taken = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(taken).to.have.length(1)
    await taken[0].release()
  })

  it('names the process that holds it, and is free when that process is killed', async () => {
    const other = new Child('holder.ts', path('lock'))
    try {
      await other.says((lines) => lines.includes('held'))
      const error = await rejection(lockExclusively(path('lock'), { holder: 'blog' }), 'STORAGE_BUSY')
      expect(error.message).to.include(`the other service (pid ${other.pid})`)
      expect(error.hint).to.match(/Stop that process/)
    } finally {
      await other.kill()
    }
    const lock = await lockExclusively(path('lock'), { holder: 'blog' })
    await lock.release()
  })

  it('refuses what is no lock', async () => {
    mkdirSync(path('folder'))
    await rejection(lockExclusively(path('folder'), { holder: 'blog' }), 'STORAGE_UNAVAILABLE')
    writeFileSync(path('text'), 'not a lock\n'.repeat(500))
    await rejection(lockExclusively(path('text'), { holder: 'blog' }), 'STORAGE_FOREIGN')
  })
})
