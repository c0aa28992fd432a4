import { expect } from 'chai'
import { selected } from '../../src/read-models/select'

const SHOP = {
  id: 's',
  owner: { name: 'Ann', age: 30 },
  tags: ['a', 'b'],
  parts: [
    { sku: 'x', count: 1, at: { place: 'A' } },
    { sku: 'y', count: 2 },
  ],
  note: null,
}

describe('the fields that are selected of a read model', () => {
  it('are those named, at any depth, also in lists', () => {
    expect(selected(SHOP, ['id', 'owner.name', 'tags', 'parts[].sku', 'parts[].at.place'])).to.deep.equal({
      id: 's',
      owner: { name: 'Ann' },
      tags: ['a', 'b'],
      parts: [{ sku: 'x', at: { place: 'A' } }, { sku: 'y' }],
    })
  })

  it('are left out where they are not there', () => {
    expect(selected(SHOP, ['none', 'owner.none', 'id[]', 'note.deep', '__proto__.polluted'])).to.deep.equal({
      owner: {},
      note: null,
    })
  })
})
