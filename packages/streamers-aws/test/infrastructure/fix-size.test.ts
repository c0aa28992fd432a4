import { expect } from 'chai'
import { LEFT_OUT, fixSize } from '../../src/infrastructure/fixes/fix-size'

describe('leaving out of the code what no function reads', () => {
  const taken: unknown[] = []
  class Code {
    public static fromAsset(path: string, options?: object): unknown {
      taken.push([this === Code, path, options])
      return taken.length
    }
  }

  beforeEach(() => taken.splice(0))

  it('adds to what the caller leaves out, until it is undone', () => {
    const undo = fixSize({ Code }, LEFT_OUT)
    expect(Code.fromAsset('app')).to.equal(1)
    Code.fromAsset('app', { exclude: ['test'] })
    undo()
    Code.fromAsset('app')
    expect(taken).to.deep.equal([
      [true, 'app', { exclude: LEFT_OUT }],
      [true, 'app', { exclude: ['test', ...LEFT_OUT] }],
      [true, 'app', undefined],
    ])
  })
})
