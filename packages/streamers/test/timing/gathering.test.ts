import { expect } from 'chai'
import { Gathering } from '../../src/timing'

describe('gathering', () => {
  it('carries out together, in order, what is asked for in one turn, and the next turn by itself', async () => {
    const carried: number[][] = []
    const gathering = new Gathering<number>(async (items) => void carried.push([...items]))
    await Promise.all([gathering.add(1), gathering.add(2), Promise.resolve().then(() => gathering.add(3))])
    await gathering.add(4)
    expect(carried).to.deep.equal([[1, 2, 3], [4]])
  })

  it('lets everything that was gathered fail together, and goes on', async () => {
    const gathering = new Gathering<string>(async (items) => {
      if (items.includes('bad')) throw new Error('no')
    })
    const ended = await Promise.allSettled([gathering.add('good'), gathering.add('bad')])
    expect(ended.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected'])
    await gathering.add('good')
  })

  it('is quiet when what was added is carried out, also where that failed', async () => {
    let carried = 0
    const gathering = new Gathering<boolean>(async ([fails]) => {
      await new Promise(setImmediate)
      carried += 1
      if (fails) throw new Error('no')
    })
    const added = gathering.add(true).catch((error: Error) => error.message)
    await gathering.quiet()
    expect(carried).to.equal(1)
    expect(await added).to.equal('no')
  })
})
