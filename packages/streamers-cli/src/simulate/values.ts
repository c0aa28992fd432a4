import { StreamerError } from '@boostercloud/streamer-connector'
import * as fc from 'fast-check'
import type { FieldSchema } from '../schemas'

/** How many references deep optional fields and lists are still filled. */
const FILLED_DEPTH = 3
/** How many references deep a schema may lead without a way to end. */
const MOST_DEPTH = 30
const MOST_ITEMS = 3
const MOST_NUMBER = 10_000
/** Fixed, so that a seed gives the same values on any day. */
const TIMES = { min: new Date('2020-01-01T00:00:00Z'), max: new Date('2029-12-31T23:59:59Z'), noInvalidDate: true }

type Values = fc.Arbitrary<unknown>

const text = fc.lorem({ maxCount: MOST_ITEMS })
const integer = fc.integer({ min: 0, max: MOST_NUMBER })
const time = fc.date(TIMES).map((date) => date.toISOString())

const OF_FORMAT: Readonly<Record<string, Values>> = {
  uuid: fc.uuid(),
  'date-time': time,
  date: time.map((each) => each.slice(0, 10)),
  byte: fc.uint8Array({ maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  email: fc.emailAddress(),
  uri: fc.webUrl(),
}

/**
 * Plain values of a schema: words, numbers from 0 to 10,000, times of this decade. Throws `OPTION_INVALID` for a schema that leads to itself without an end, that
 * refers to what it does not have, or that has a pattern from which no text can be made.
 */
export function valuesOf(schema: FieldSchema, at: string): Values {
  return new SchemaValues(schema, at).of(schema, 0)
}

class SchemaValues {
  private readonly made = new Map<string, Values>()

  public constructor(
    private readonly root: FieldSchema,
    private readonly at: string
  ) {}

  public of(schema: FieldSchema, depth: number): Values {
    const { $ref, anyOf, type } = schema
    if ($ref !== undefined) return this.referred($ref, depth + 1)
    if ('const' in schema) return fc.constant(schema.const)
    if (schema.enum) return fc.constantFrom(...schema.enum)
    if (anyOf) return this.oneOf(anyOf, depth)
    if (Array.isArray(type)) {
      const types = type as readonly string[]
      return this.oneOf(
        types.map((each) => ({ ...schema, type: each })),
        depth
      )
    }
    return this.ofType(schema, depth)
  }

  private ofType(schema: FieldSchema, depth: number): Values {
    switch (schema.type) {
      case 'null':
        return fc.constant(null)
      case 'boolean':
        return fc.boolean()
      case 'integer':
        return integer
      case 'number':
        return integer.map((hundredths) => hundredths / 100)
      case 'string':
        return this.text(schema)
      case 'array':
        return this.list(schema, depth)
      case 'object':
        return this.object(schema, depth)
      default:
        return schema.properties ? this.object(schema, depth) : fc.oneof(text, integer, fc.boolean())
    }
  }

  private text({ format = '', pattern }: FieldSchema): Values {
    if (pattern === undefined) return Object.hasOwn(OF_FORMAT, format) ? OF_FORMAT[format] : text
    try {
      return fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' })
    } catch (cause) {
      throw this.impossible(`no text can be made for the pattern ${pattern}`, cause)
    }
  }

  private list({ items, minItems: least = 0, maxItems = Infinity }: FieldSchema, depth: number): Values {
    if (Array.isArray(items)) {
      const all = items as readonly FieldSchema[]
      return fc.tuple(...all.slice(0, maxItems).map((item) => this.of(item, depth)))
    }
    const most = Math.max(least, depth > FILLED_DEPTH ? 0 : Math.min(MOST_ITEMS, maxItems))
    if (most === 0) return fc.constant([])
    return fc.array(this.of((items as FieldSchema | undefined) ?? {}, depth), { minLength: least, maxLength: most })
  }

  private object({ properties, required = [], additionalProperties }: FieldSchema, depth: number): Values {
    if (!properties && typeof additionalProperties === 'object' && depth <= FILLED_DEPTH) {
      return fc.dictionary(fc.lorem({ maxCount: 1 }), this.of(additionalProperties, depth), {
        maxKeys: MOST_ITEMS,
        noNullPrototype: true,
      })
    }
    const fields = Object.entries(properties ?? {}).filter(
      ([name, field]) => required.includes(name) || (depth <= FILLED_DEPTH && !isNever(field))
    )
    const model = Object.fromEntries(fields.map(([name, field]) => [name, this.of(field, depth)]))
    return fc.record(model, { requiredKeys: required.filter((name) => name in model), noNullPrototype: true })
  }

  /** Far down, only what leads no further, where there is such a branch. */
  private oneOf(branches: readonly FieldSchema[], depth: number): Values {
    const possible = branches.filter((branch) => !isNever(branch))
    const ends = depth > FILLED_DEPTH ? possible.filter(({ $ref }) => $ref === undefined) : []
    return fc.oneof(...(ends.length > 0 ? ends : possible).map((branch) => this.of(branch, depth)))
  }

  private referred(reference: string, depth: number): Values {
    if (depth > MOST_DEPTH) throw this.impossible(`${reference} contains itself without an end`)
    const id = `${depth} ${reference}`
    const values = this.made.get(id) ?? this.of(this.definition(reference), depth)
    this.made.set(id, values)
    return values
  }

  private definition(reference: string): FieldSchema {
    if (reference === '#') return this.root
    const name = decodeURIComponent(reference.replace(/^#\/definitions\//, ''))
      .replaceAll('~1', '/')
      .replaceAll('~0', '~')
    const { definitions = {} } = this.root
    if (Object.hasOwn(definitions, name)) return definitions[name]
    throw this.impossible(`${reference} is not in the schema`)
  }

  private impossible(why: string, cause?: unknown): StreamerError {
    return new StreamerError('OPTION_INVALID', `No events can be generated from the schema: ${why}.`, {
      at: this.at,
      hint: 'Name other events with --type, or publish such events with boost-streamers publish.',
      cause,
    })
  }
}

/** Whether a schema takes nothing at all. */
function isNever({ not, type }: FieldSchema): boolean {
  return not !== undefined && type === undefined && Object.keys(not).length === 0
}
