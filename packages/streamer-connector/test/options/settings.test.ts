import { expect } from 'chai'
import * as fc from 'fast-check'
import { StreamerError, cloudEvents, json, option, settingsOf } from '../../src'

const SCHEMA = {
  url: option.matching('a URL', /^[a-z]+:/).required.secret,
  brokers: option.list<string>('a list of texts', (value) => typeof value === 'string'),
  codec: option.codec.or(cloudEvents),
  mode: option.oneOf('fast', 'safe').or('safe'),
  isOn: option.flag,
  waitMs: option.milliseconds(0, 1000).or(5),
  reading: option.group({ batch: option.whole(1, 9, 'events').or(3), from: option.text }),
  archive: option.groupOrNone({ days: option.whole(1, 9) }),
  topics: option.each({ codec: option.codec, partitions: option.whole(1, 9) }),
  login: option.groupOrNone({ user: option.text, word: option.text }).secret,
  credentials: option.credentials,
}
const url = 'a:b'

describe('options', () => {
  it('are completed with their defaults, those of groups too; what has none is left out', () => {
    expect(settingsOf('Test', SCHEMA, { url, isOn: undefined })).to.deep.equal({
      url,
      codec: cloudEvents,
      mode: 'safe',
      waitMs: 5,
      reading: { batch: 3 },
      topics: {},
    })
  })

  it('are taken as given, their objects and lists as copies', () => {
    const options = { url, brokers: ['a'], reading: { from: 'x' }, topics: { posts: { codec: json } }, archive: {} }
    const settings = settingsOf('Test', SCHEMA, options)
    options.brokers.push('b')
    options.reading.from = 'y'
    options.topics.posts.codec = cloudEvents
    expect(settings).to.deep.include({
      brokers: ['a'],
      reading: { batch: 3, from: 'x' },
      topics: { posts: { codec: json } },
      archive: {},
    })
  })

  it('take names of the user that every object has', () => {
    const topics = JSON.parse('{ "constructor": { "partitions": 2 }, "__proto__": { "partitions": 3 } }') as object
    const settings = settingsOf('Test', SCHEMA, { url, topics })
    expect(Object.entries(settings.topics)).to.deep.equal([
      ['constructor', { partitions: 2 }],
      ['__proto__', { partitions: 3 }],
    ])
  })

  for (const [what, options, at, message, hint] of [
    ['a wrong value', { url, waitMs: -1 }, 'waitMs', "Test's option 'waitMs' is -1.", 'of milliseconds from 0 to 1000'],
    ['a text for a number', { url, waitMs: '1' }, 'waitMs', "is '1'", 'Give it a whole number'],
    ['an unknown name', { url, Mode: 'fast' }, 'Mode', "'Mode' is unknown", 'Known are url, brokers, codec, mode'],
    ['a name that every object has', { url, constructor: 1 }, 'constructor', 'is unknown', 'Known are url'],
    ['what is missing', {}, 'url', "'url' is missing", 'Give it a URL'],
    ['null for what is needed', { url: null }, 'url', 'is not well-formed', 'Give it a URL'],
    ['a wrong value in a group', { url, reading: { batch: 0 } }, 'reading.batch', 'is 0', 'of events from 1 to 9'],
    ['an unknown name in a group', { url, archive: { day: 1 } }, 'archive.day', 'is unknown', 'Known are days.'],
    ['a list for a group', { url, reading: [] }, 'reading', 'is []', 'Give it an object with some of batch, from.'],
    [
      'a wrong value of a topic',
      { url, topics: { a: { partitions: 0 } } },
      'topics.a.partitions',
      'is 0',
      'from 1 to 9',
    ],
    ['an unknown name of a topic', { url, topics: { a: { b: 0 } } }, 'topics.a.b', 'is unknown', 'Known are codec'],
    ['an empty list', { url, brokers: [] }, 'brokers', 'is []', 'Give it a list of texts.'],
    ['no object', 7, 'url', 'Test was given 7 for its options.', 'Give it an object'],
  ] as const) {
    it(`are refused with their place: ${what}`, () => {
      const refused = refusal(options)
      expect(refused).to.include({ code: 'OPTION_INVALID', at })
      expect(refused.message).to.contain(message)
      expect(refused.hint).to.contain(hint)
    })
  }

  it('are refused with all that is wrong at once', () => {
    const { message, hint, at } = refusal({ waitMs: 'x', foo: 1, bar: 2, topics: { a: { partitions: 0, c: 1 } } })
    for (const part of ["'waitMs' is 'x'", "'foo' is unknown", "'bar' is unknown", "'url' is missing"])
      expect(message).to.contain(part)
    expect(message).to.contain("'topics.a.partitions' is 0").and.to.contain("'topics.a.c' is unknown")
    expect(hint).to.contain('waitMs: Give it a whole number').and.to.contain('url: Give it a URL.')
    expect(['waitMs', 'url']).to.contain(at)
  })

  it('show no secret, nor what is in one', () => {
    for (const options of [
      { url: 'hunter2' },
      { url, login: { word: 7, user: 'hunter2' } },
      { url, login: 'hunter2' },
      { url, credentials: { username: 'anna', password: 'hunter2' } },
    ]) {
      const { message, hint } = refusal(options)
      expect(message + String(hint)).not.to.contain('hunter2')
      expect(message).to.contain('not well-formed')
    }
    expect(refusal({ url, login: { word: 7 } }).message).not.to.contain('7')
  })

  it('end in settings or in OPTION_INVALID, whatever is given', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
        fc.string(),
        (value, name) => {
          for (const options of [
            value,
            { url, [name]: value },
            ...Object.keys(SCHEMA).map((key) => ({ url, [key]: value })),
          ]) {
            try {
              settingsOf('Test', SCHEMA, options)
            } catch (thrown) {
              expect(thrown).to.be.instanceOf(StreamerError).and.to.have.property('code', 'OPTION_INVALID')
            }
          }
        }
      )
    )
  })
})

function refusal(options: unknown): StreamerError {
  try {
    settingsOf('Test', SCHEMA, options)
  } catch (thrown) {
    return thrown as StreamerError
  }
  throw new Error('It was not refused.')
}
