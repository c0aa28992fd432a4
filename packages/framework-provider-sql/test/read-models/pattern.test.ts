import '../support/environment'
import { expect } from 'chai'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { patternsApart } from '../../src/live/patterns-apart'
import { matches, partsOf } from '../../src/read-models/matches'
import { FilteredReadModelPubSub, boundPatterns } from '../../src/compatibility'

const SLOW_ELSEWHERE = ['^(a+)+$', '^(a|a)*$', '(a*)*b', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*a){20}!']
const TEXT = `${'a'.repeat(5_000)}!`

class Post {
  public constructor(
    public readonly id: string,
    public readonly title: string
  ) {}
}

describe('a pattern in a filter', () => {
  for (const operator of ['regex', 'iRegex']) {
    for (const pattern of SLOW_ELSEWHERE) {
      it(`takes no long time, whatever it is: ${operator} ${pattern}`, () => {
        const parts = partsOf({ title: { [operator]: pattern } })
        const started = performance.now()
        matches(parts, { title: TEXT })
        expect(performance.now() - started).to.be.below(5_000)
      })
    }
  }

  it('means what it means in JavaScript, as far as it is known', () => {
    const texts = ['', 'a', 'Ab', 'a/b', 'é', 'x1_', '2026-01-31', 'line\nnext', '😀', 'aaa']
    const patterns = [
      '^a',
      'b$',
      '\\d{4}-\\d\\d',
      '[^a-z]',
      '\\u00e9',
      'a\\/b',
      '(?<first>x)\\w',
      'a|b',
      'a{2,3}',
      '^$',
      '.',
    ]
    for (const pattern of patterns) {
      for (const title of texts) {
        expect(matches(partsOf({ title: { regex: pattern } }), { title }), `${pattern} ${title}`).to.equal(
          new RegExp(pattern).test(title)
        )
        expect(matches(partsOf({ title: { iRegex: pattern } }), { title }), `i ${pattern} ${title}`).to.equal(
          new RegExp(pattern, 'i').test(title)
        )
      }
    }
  })

  for (const pattern of ['(a)\\1', '(?=a)b', '(?<!a)b', '[', 'a{1001}', '((a{100}){100}){100}', 'a'.repeat(1_001)]) {
    it(`is refused with a reason where it is not understood: ${pattern.slice(0, 30)}`, () => {
      const thrown = errorOf(() => partsOf({ or: [{ title: { regex: pattern } }] }))
      expect(isStreamerError(thrown, 'OPTION_INVALID'), String(thrown)).to.equal(true)
      expect(String(thrown)).to.match(/A pattern of a filter .*(RE2|up to 1000)/s)
    })
  }

  it('is tested so in subscriptions too, beside the rest of the filter, and not by Booster', async () => {
    boundPatterns()
    const posts = [new Post('1', TEXT), new Post('2', 'news'), new Post('3', 'news of today')]
    const found = async (filters: object): Promise<string[]> => {
      const pubSub = new FilteredReadModelPubSub(posts as never)
      const request = { class: Post, filters, currentUser: undefined } as never
      const config = { readModels: { Post: { before: [] } } } as never
      const ids: string[] = []
      const iterator = await pubSub.asyncIterator(request, config)
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) ids.push(String(next.value.id))
      return ids
    }
    const started = performance.now()
    expect(await found({ title: { regex: '^(a+)+$' } })).to.deep.equal([])
    expect(performance.now() - started).to.be.below(5_000)
    expect(await found({ title: { iRegex: '^NEWS' } })).to.deep.equal(['2', '3'])
    expect(await found({ title: { regex: '^news', ne: 'news' } })).to.deep.equal(['3'])
    expect(await found({ title: { contains: 'today' } })).to.deep.equal(['3'])
    expect(await found({})).to.deep.equal(['1', '2', '3'])
  })

  it('is taken out of a filter wherever it stands', () => {
    const { filters, passes } = patternsApart({ title: { regex: 'a', ne: 'b' }, or: [{ id: { iRegex: 'c' } }] })
    expect(JSON.stringify(filters)).not.to.match(/regex/i)
    expect(passes({ id: 'C', title: 'xa' })).to.equal(true)
    expect(passes({ id: 'd', title: 'xa' })).to.equal(false)
  })
})

function errorOf(work: () => unknown): unknown {
  try {
    return work()
  } catch (thrown) {
    return thrown
  }
}
