import * as copy from '@boostercloud/streamer-connector'
import { expect } from 'chai'
import { failpoint, onFailpoint } from '../src'

describe('a failpoint', () => {
  afterEach(() => onFailpoint(undefined))

  it('does nothing without a hook', () => {
    expect(failpoint('somewhere')).to.equal(undefined)
  })

  it('hands its name to the hook, in every copy of the package', async () => {
    const names: string[] = []
    onFailpoint(async (name) => void names.push(name))
    await failpoint('here')
    await copy.failpoint('there')
    expect(names).to.deep.equal(['here', 'there'])
  })

  it('goes wrong as the hook does, until the hook is taken away', () => {
    onFailpoint((name) => {
      throw new Error(name)
    })
    expect(() => failpoint('here')).to.throw('here')
    onFailpoint(undefined)
    expect(() => failpoint('here')).to.not.throw()
  })
})
