import { expect } from 'chai'
import { Child } from './support/child'
import { useTemporary } from './support/temporary'

describe('two processes on one file', () => {
  const { open, path } = useTemporary()
  const written = 'SELECT n FROM notes WHERE writer = ?1 ORDER BY seq'

  it('write at the same time, each in its order', async () => {
    const children = ['a', 'b', 'c'].map((name) => new Child('writer.ts', path(), name, '300'))
    await Promise.all(children.map((child) => child.end()))
    const file = await open()
    for (const name of ['a', 'b', 'c']) {
      const numbers = file.read(written, name).map(({ n }) => n)
      expect(numbers).to.deep.equal(Array.from({ length: 300 }, (_, n) => n))
    }
  })

  it('keep every write that resolved when one is killed in the middle, and the other goes on', async () => {
    const victim = new Child('writer.ts', path(), 'victim', '1000000')
    const other = new Child('writer.ts', path(), 'other', '1000000')
    try {
      await Promise.all([victim, other].map((child) => child.says((lines) => lines.length >= 50)))
      await victim.kill()
      const already = other.lines.length
      await other.says((lines) => lines.length >= already + 50)
    } finally {
      await Promise.all([victim.kill(), other.kill()])
    }
    const file = await open()
    for (const [child, name] of [
      [victim, 'victim'],
      [other, 'other'],
    ] as const) {
      const kept = new Set(file.read(written, name).map(({ n }) => String(n)))
      const whole = child.lines.filter((line) => /^\d+$/.test(line))
      expect(whole.filter((line) => !kept.has(line))).to.deep.equal([])
    }
    expect(file.read('PRAGMA integrity_check')[0].integrity_check).to.equal('ok')
  })
})
