import { expect } from 'chai'
import fc from 'fast-check'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Statements } from '../src'
import { connect } from '../src/engine'
import { INSERT } from './support/notes'
import { rejection } from '../../streamer-connector/test/support/rejection'
import { useTemporary } from './support/temporary'

const COMMITTED = 'SELECT n FROM notes ORDER BY seq'

describe('write', () => {
  const { open, path } = useTemporary()

  it('resolves with what the work returned, when another connection can read it', async () => {
    const file = await open()
    const result = await file.write(({ run }) => run(INSERT, 'w', 5))
    expect({ ...result }).to.deep.equal({ changes: 1, lastInsertRowid: 1 })
    const other = await open()
    expect(other.read('SELECT n FROM notes')[0].n).to.equal(5)
  })

  it('keeps every character of a text, and tells texts apart that differ behind a zero', async () => {
    const file = await open()
    const characters = fc.constantFrom('\0', '\ue000', '0', '1', 'é', '🚀')
    const texts = fc.uniqueArray(fc.string({ unit: characters, maxLength: 6 }), { minLength: 1, maxLength: 8 })
    const property = fc.asyncProperty(texts, async (writers) => {
      await file.write(({ run }) => run('DELETE FROM notes'))
      await Promise.all(writers.map((writer, n) => file.write(({ run }) => run(INSERT, writer, n))))
      const all = file.read('SELECT writer FROM notes ORDER BY seq').map(({ writer }) => writer)
      expect(all).to.deep.equal(writers)
      const found = writers.map((writer) =>
        file.read('SELECT n FROM notes WHERE writer = ?1', writer).map(({ n }) => n)
      )
      expect(found).to.deep.equal(writers.map((_, n) => [n]))
    })
    await fc.assert(property, { numRuns: 30 })
  })

  it('undoes a work that throws, alone', async () => {
    const file = await open()
    const boom = new Error('boom')
    const works = [1, 2, 3, 4].map((n) =>
      file.write(({ run }) => {
        run(INSERT, 'w', n)
        if (n === 2) throw boom
        return n
      })
    )
    const outcomes = await Promise.allSettled(works)
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect((outcomes[1] as PromiseRejectedResult).reason).to.equal(boom)
    expect(file.read(COMMITTED).map(({ n }) => n)).to.deep.equal([1, 3, 4])
  })

  it('gives back an error of the statement as the engine made it', async () => {
    const file = await open()
    const thrown: unknown = await file
      .write(({ run }) => run('INSERT INTO notes (n) VALUES (1)'))
      .catch((e: unknown) => e)
    expect(String(thrown)).to.match(/NOT NULL constraint failed/)
    expect(() => file.read('SELEC')).to.throw(/syntax error/)
  })

  describe('lazily', () => {
    const [LAZY, SYNCED] = [1, 2]
    const level = ({ all }: Statements): number => Number(all('PRAGMA synchronous')[0].synchronous)

    it('does not wait for the disk, unless another work of the transaction does', async () => {
      const file = await open()
      const levels = (...lazy: boolean[]): Promise<number[]> =>
        Promise.all(lazy.map((lazily) => file.write(level, { lazily })))
      expect(await file.write(level)).to.equal(SYNCED)
      expect(await levels(true, true)).to.deep.equal([LAZY, LAZY])
      expect(await levels(true, false, true)).to.deep.equal([SYNCED, SYNCED, SYNCED])
      expect(await levels(true)).to.deep.equal([LAZY])
      expect(await file.write(level)).to.equal(SYNCED)
    })

    it('waits for the disk also with what comes while it waits for the lock', async () => {
      const file = await open()
      const other = connect(path())
      other.exec('BEGIN IMMEDIATE')
      const lazy = file.write(level, { lazily: true })
      for (let turn = 0; turn < 3; turn += 1) await nextTurn()
      const synced = file.write(level)
      other.exec('COMMIT')
      other.close()
      expect(await Promise.all([lazy, synced])).to.deep.equal([SYNCED, SYNCED])
    })

    it('is what every write is where none waits', async () => {
      const file = await open({ synchronous: 'NORMAL' })
      expect(await Promise.all([file.write(level, { lazily: true }), file.write(level)])).to.deep.equal([LAZY, LAZY])
    })

    it('is there for others, and for the next opening, as every write is', async () => {
      const file = await open()
      await file.write(({ run }) => run(INSERT, 'w', 5), { lazily: true })
      expect((await open()).read('SELECT n FROM notes')[0].n).to.equal(5)
      await file.close()
      expect((await open()).read('SELECT n FROM notes')[0].n).to.equal(5)
    })
  })

  it('commits the works of one turn together, and no more than it should', async () => {
    const file = await open()
    const other = await open()
    const version = (): unknown => other.read('PRAGMA data_version')[0].data_version
    const seen = new Set([version()])
    const watch = (): void => void seen.add(version())
    await Promise.all(Array.from({ length: 100 }, (_, n) => file.write(({ run }) => run(INSERT, 'w', n)).then(watch)))
    expect(seen.size).to.equal(2)
    expect(file.read('SELECT count(*) AS count FROM notes')[0].count).to.equal(100)
  })

  it('refuses a work that is not synchronous, and undoes it', async () => {
    const file = await open()
    const late = file.write(async ({ run }) => void run(INSERT, 'w', 1))
    expect(await late.catch((thrown) => thrown)).to.be.instanceOf(TypeError)
    expect(file.read(COMMITTED)).to.deep.equal([])
  })

  it('waits for another transaction without stopping the event loop', async () => {
    const file = await open()
    const other = connect(path())
    other.exec('BEGIN IMMEDIATE')
    let turns = 0
    const ticking = setInterval(() => {
      if (++turns === 5) other.exec('COMMIT')
    }, 5)
    try {
      await file.write(({ run }) => run(INSERT, 'w', 1))
    } finally {
      clearInterval(ticking)
      other.close()
    }
    expect(turns).to.be.greaterThanOrEqual(5)
  })

  it('gives up when the other transaction is too long, and works again afterwards', async () => {
    const file = await open({ writeTimeoutMs: 50 })
    const other = connect(path())
    other.exec('BEGIN IMMEDIATE')
    try {
      const error = await rejection(
        file.write(({ run }) => run(INSERT, 'w', 1)),
        'STORAGE_BUSY'
      )
      expect(error.retryable).to.equal(true)
      expect(error.at).to.equal(path())
    } finally {
      other.close()
    }
    await file.write(({ run }) => run(INSERT, 'w', 2))
    expect(file.read(COMMITTED).map(({ n }) => n)).to.deep.equal([2])
  })

  it('rejects every work of a transaction that the disk refuses, keeps none of it, and works on', async () => {
    const file = await open()
    await file.write(({ all }) => all('PRAGMA max_page_count = 12'))
    const big = new Uint8Array(400_000)
    const write = (n: number, writer: string | Uint8Array): Promise<unknown> =>
      file.write(({ run }) => run(INSERT, writer, n))
    const outcomes = await Promise.allSettled([write(1, 'w'), write(2, big), write(3, 'w')])
    const kept = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index + 1] : []))
    expect(file.read(COMMITTED).map(({ n }) => n)).to.deep.equal(kept)
    const { reason } = outcomes[1] as PromiseRejectedResult
    expect([reason.code, reason.retryable, reason.at]).to.deep.equal(['STORAGE_UNAVAILABLE', true, path()])
    await write(4, 'w')
  })

  it('drains its queue at close, takes nothing afterwards, and closes twice', async () => {
    const file = await open()
    const writes = Promise.all(Array.from({ length: 1200 }, (_, n) => file.write(({ run }) => run(INSERT, 'w', n))))
    await Promise.all([file.close(), file.close()])
    await writes
    await rejection(
      file.write(({ run }) => run(INSERT, 'w', 1)),
      'CLOSED'
    )
    expect(() => file.read(COMMITTED)).to.throw(/\[CLOSED\]/)
    const again = await open()
    expect(again.read('SELECT count(*) AS count FROM notes')[0].count).to.equal(1200)
  })

  it('keeps the order of works, whichever of them throw and whenever they come', async () => {
    const turns = fc.array(fc.array(fc.boolean(), { maxLength: 6 }), { maxLength: 6 })
    const file = await open({ synchronous: 'NORMAL' })
    let run = 0
    const property = fc.asyncProperty(turns, async (batches) => {
      const writer = String(run++)
      const works: Promise<unknown>[] = []
      const expected: number[] = []
      for (const batch of batches) {
        for (const good of batch) {
          const n = works.length
          if (good) expected.push(n)
          const work = file.write((statements) => {
            statements.run(INSERT, writer, n)
            if (!good) throw new Error('refused')
          })
          works.push(work.catch(() => undefined))
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
      await Promise.all(works)
      const rows = file.read('SELECT n FROM notes WHERE writer = ?1 ORDER BY seq', writer)
      expect(rows.map(({ n }) => n)).to.deep.equal(expected)
    })
    await fc.assert(property, { numRuns: 50 })
  })
})
