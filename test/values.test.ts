import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOREIGN_VALUES, OWN_VALUES, REFUSED_VALUES } from '@boostercloud/streamer-testkit/conformance'
import type { ForeignValue, OwnValue } from '@boostercloud/streamer-testkit/conformance'
import { expect } from 'chai'

const PAGE = join(__dirname, '../docs/reference/values.md')

/** In a cell, as code. */
const code = (text: string): string =>
  `<code>${text.replaceAll('&', '&amp;').replaceAll('|', '&#124;').replaceAll('<', '&lt;')}</code>`

/** A value as a reader of JavaScript has it, in ASCII. */
function told(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return `[${value.map(told).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, each]) => `${name}: ${told(each)}`)
      .join(', ')} }`
  const json = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return json.replace(/[\u2028\u2029\ufffd]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
}

const ownRow = (own: OwnValue): string =>
  `| ${code(own.name)} | ${code(told('arrives' in own ? own.arrives : own.value()))} |`

const refusedRow = ({ name }: OwnValue): string =>
  `| ${code(name)} | \`EVENT_NOT_ENCODABLE\`, with the path of the field |`

function foreignRow({ name, record: { contentType, contentEncoding }, arrives, because }: ForeignValue): string {
  const said = [contentType, contentEncoding].filter((each) => each !== undefined).join(', ')
  const what = arrives === undefined ? `a dead letter: \`${because}\`` : code(told(arrives.payload))
  return `| ${code(name)} | ${said === '' ? '' : code(said)} | ${what} |`
}

const table = (heads: readonly string[], rows: readonly string[]): string =>
  [`| ${heads.join(' | ')} |`, `| ${heads.map(() => '---').join(' | ')} |`, ...rows].join('\n')

function page(): string {
  return `# Values

What becomes of values on their way. \`test/values.test.ts\` writes this page from the tables of the conformance suite, which holds every connector to them on
its real broker (\`values_round_trip\`, \`values_without_a_form_are_refused\`, \`foreign_values_arrive_or_are_refused\`): Kafka, RabbitMQ, NATS, EventBridge and
the embedded log give the same, and so does a connector of yours that passes. A field without a class in its handler arrives as is said here; where the class
has a \`Date\` or \`bigint\`, [it arrives as that](field-shapes.md). Avro has [types of its own](../../packages/schema-registry-codec/README.md).
An app's store comes before all of that: \`framework-provider-sql\` gives all of these back in the same form from events and read models, on SQLite and PostgreSQL
(\`values_of_json\` and \`values_that_say_their_form\` of its conformance). Booster's local provider does so but for bytes, a URL and a \`bigint\`. A \`Date\` or \`bigint\` comes back as one where the event's or read model's class has it.

<!-- prettier-ignore-start -->

## What an event of yours holds

${table(['published', 'arrives as'], OWN_VALUES.map(ownRow))}

## What is refused before anything is stored

${table(['registered or published', 'error'], REFUSED_VALUES.map(refusedRow))}

## What other producers write

${table(['written', 'content type and encoding', 'arrives as'], FOREIGN_VALUES.map(foreignRow))}

<!-- prettier-ignore-end -->

The bytes of a dead letter are kept as they came. A packed body may have 16 MiB unpacked, or the streamer's \`maxEventBytes\` where that is more. Nested lists
and objects have 500 levels at the most. ISO-8859-1 is Latin-1, with control characters from 0x80 to 0x9F; windows-1252 has letters there.
`
}

describe('the tables of values', () => {
  it('stand in docs/reference/values.md', () => {
    const names = [...OWN_VALUES, ...REFUSED_VALUES, ...FOREIGN_VALUES].map(({ name }) => name)
    expect(new Set(names).size, 'each has a name of its own').to.equal(names.length)
    const bodies = FOREIGN_VALUES.map(({ record: { body } }) => Buffer.from(body).toString('hex'))
    expect(new Set(bodies).size, 'each has a body of its own').to.equal(bodies.length)
    const written = page()
    if (readFileSync(PAGE, { encoding: 'utf8', flag: 'a+' }) === written) return
    if (!process.env.CI) writeFileSync(PAGE, written)
    expect.fail('The page was another one; the test has written it anew, unless CI is set.')
  })
})
