import { expect } from 'chai'
import fc from 'fast-check'
import { isStreamerError } from '@boostercloud/streamer-connector'
import { covers, subjectToPublish, subjectToRead, subjectsOfStream } from '../../src/options/subjects'

/** Topics that addresses may have. */
const topic = fc
  .oneof(fc.string({ minLength: 1, unit: 'grapheme' }), fc.stringMatching(/^[ab.*>% $]{1,6}$/))
  .filter((text) => text.split('.').every((part) => part !== ''))

describe('the subject of a topic', () => {
  it('is the topic where the option says it is, with what NATS does not allow percent-encoded', () => {
    const made = ['posts', 'blog.posts', 'a b', '50%', 'a*', '*', 'x>y', 'żółć/日本', '$JS.API'].map((one) =>
      subjectToPublish('streamers.{topic}', one)
    )
    expect(made).to.deep.equal([
      'streamers.posts',
      'streamers.blog.posts',
      'streamers.a%20b',
      'streamers.50%25',
      'streamers.a%2A',
      'streamers.%2A',
      'streamers.x%3Ey',
      'streamers.żółć/日本',
      'streamers.%24JS.API',
    ])
    expect(subjectToPublish('a.{topic}.z', 'b.$&')).to.equal('a.b.%24&.z')
  })

  it('is one that NATS allows, and another for each topic', () => {
    fc.assert(
      fc.property(topic, topic, (one, other) => {
        const subjects = [one, other].map((each) => subjectToPublish('{topic}', each))
        for (const subject of subjects) expect(subject).to.match(/^[^\s*>$\p{Cc}][^\s*>\p{Cc}]*$/u)
        expect(subjects[0] === subjects[1]).to.equal(one === other)
      })
    )
  })

  it('has the wildcards of NATS where it is read, and only where NATS has them', () => {
    expect(
      ['posts.*', '*.posts', 'posts.>', '>.posts', 'posts*', 'a.*b', '>'].map((one) => subjectToRead('s.{topic}', one))
    ).to.deep.equal(['s.posts.*', 's.*.posts', 's.posts.>', 's.%3E.posts', 's.posts%2A', 's.a.%2Ab', 's.>'])
  })

  it('is read where it was published', () => {
    fc.assert(
      fc.property(topic, (one) => {
        expect(covers(subjectToRead('s.{topic}', one), subjectToPublish('s.{topic}', one))).to.equal(true)
      })
    )
  })

  it('does not come about from a topic with an empty part', () => {
    for (const one of ['.', '.a', 'a.', 'a..b']) {
      for (const make of [subjectToPublish, subjectToRead]) {
        let thrown: unknown
        try {
          make('s.{topic}', one)
        } catch (error) {
          thrown = error
        }
        expect(isStreamerError(thrown, 'ADDRESS_MALFORMED'), one).to.equal(true)
      }
    }
  })
})

describe('the subjects of a stream', () => {
  it('are all of a prefix, or those of the topics', () => {
    expect(subjectsOfStream('streamers.{topic}', ['a', 'b.c'])).to.deep.equal(['streamers.>'])
    expect(subjectsOfStream('{topic}', ['a', 'b.*'])).to.deep.equal(['a', 'b.*'])
    expect(subjectsOfStream('x.{topic}.y', ['a', 'b'])).to.deep.equal(['x.a.y', 'x.b.y'])
  })

  it('cover others as NATS matches them', () => {
    const pairs: [string, string, boolean][] = [
      ['a.>', 'a.b', true],
      ['a.>', 'a.b.c', true],
      ['a.>', 'a', false],
      ['a.*', 'a.b', true],
      ['a.*', 'a.b.c', false],
      ['a.*', 'a.*', true],
      ['a.b', 'a.*', false],
      ['a.*', 'a.>', false],
      ['*.b', 'a.b', true],
      ['>', 'a', true],
      ['a.b', 'a.b', true],
      ['a', 'a.b', false],
    ]
    for (const [pattern, subject, expected] of pairs)
      expect(covers(pattern, subject), `${pattern} ${subject}`).to.equal(expected)
  })
})
