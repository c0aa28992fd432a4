import type { FieldSchema } from '../event-schema'

/** What the references of a schema refer to. */
export type Definitions = Readonly<Record<string, FieldSchema>>

/** The values that a schema admits, taken apart. */
export interface Values {
  /** Whether there is nothing that it refuses. */
  readonly anything: boolean
  /** What has no parts: kinds as `string`, `string (uuid)`, `bigint`, and single values as `"draft"`. */
  readonly plain: ReadonlySet<string>
  readonly objects: readonly FieldSchema[]
  readonly lists: readonly FieldSchema[]
}

/** Keywords that are looked at, or say nothing of values. */
const KNOWN = new Set(
  'type format enum const anyOf items additionalItems minItems maxItems pattern properties required additionalProperties $ref definitions not $schema title description default'.split(
    ' '
  )
)

const REFERENCE = '#/definitions/'

export function definitionsOf({ definitions = {} }: FieldSchema): Definitions {
  return definitions
}

/** A schema itself, where it was only referred to. */
export function resolved(schema: FieldSchema, definitions: Definitions, left = 20): FieldSchema {
  if (!schema.$ref?.startsWith(REFERENCE) || left === 0) return schema
  const name = decodeURIComponent(schema.$ref.slice(REFERENCE.length))
  return resolved(definitions[name] ?? {}, definitions, left - 1)
}

/** Takes a schema apart. What it says in words that are not known here is a kind of its own, which only the same words cover. */
export function valuesOf(schema: FieldSchema, definitions: Definitions): Values {
  const found = { anything: false, plain: new Set<string>(), objects: [] as FieldSchema[], lists: [] as FieldSchema[] }
  const taken = new Set<FieldSchema>()
  const take = (one: FieldSchema): void => {
    const now = resolved(one, definitions)
    // A choice that is one of its own branches admits what the others do.
    if (taken.has(now)) return
    taken.add(now)
    const text = otherWords(now, definitions)
    if (text !== undefined) found.plain.add(text)
    else if (now.not === undefined && now.anyOf) now.anyOf.forEach(take)
    else if (now.not === undefined) takeTypes(now, found)
  }
  take(schema)
  return found
}

interface Found {
  anything: boolean
  readonly plain: Set<string>
  readonly objects: FieldSchema[]
  readonly lists: FieldSchema[]
}

function takeTypes(schema: FieldSchema, found: Found): void {
  const { enum: values, const: value, type } = schema
  if (values ?? value !== undefined) {
    for (const one of values ?? [value]) found.plain.add(JSON.stringify(one))
  } else if (type === undefined) found.anything = true
  else for (const one of [type].flat()) takeType(one, schema, found)
}

function takeType(type: string, schema: FieldSchema, found: Found): void {
  if (type === 'object') found.objects.push(schema)
  else if (type === 'array') found.lists.push(schema)
  else found.plain.add(kindOf(type, schema))
}

function kindOf(type: string, { format, pattern }: FieldSchema): string {
  if (type === 'number' || type === 'integer') return format === 'int64' ? 'bigint' : type
  const form = [format, pattern && `/${pattern}/`].filter((one) => one !== undefined && one !== '').join(', ')
  return type === 'string' && form !== '' ? `string (${form})` : type
}

/** `not: {}` is no value; other uses, and other words, are not taken apart. */
function otherWords(schema: FieldSchema, definitions: Definitions): string | undefined {
  const isNever = schema.not !== undefined && Object.keys(schema.not).length === 0
  const words = Object.keys(schema).filter((word) => !KNOWN.has(word) && !word.startsWith('x-'))
  const beside = schema.anyOf && ['type', 'enum', 'const', 'properties', 'items'].some((word) => word in schema)
  if (isNever || (words.length === 0 && schema.not === undefined && !beside)) return undefined
  const text = JSON.stringify(schema)
  return text.includes('"$ref"') ? JSON.stringify([schema, definitions]) : text
}

/** Kinds by what they are written like, and what takes all of such. */
const TAKEN_BY: ReadonlyArray<readonly [kind: RegExp, by: readonly string[]]> = [
  [/^(true|false)$/, ['boolean']],
  [/^("|string \()/, ['string']],
  [/^(integer|-?\d+)$/, ['number', 'integer', 'bigint']],
  [/^-?\d/, ['number']],
]

/** Whether every value of a kind is of one of the others. */
export function covers(kinds: ReadonlySet<string>, kind: string): boolean {
  if (kinds.has(kind) || (kind === 'boolean' && kinds.has('true') && kinds.has('false'))) return true
  const [, takers = []] = TAKEN_BY.find(([form]) => form.test(kind)) ?? []
  return takers.some((one) => kinds.has(one)) || (kind.startsWith('"') && [...kinds].some((one) => matches(one, kind)))
}

/** Whether a text is of a kind of texts that has a pattern and nothing else. */
function matches(kind: string, text: string): boolean {
  const [, pattern] = /^string \(\/(.*)\/\)$/s.exec(kind) ?? []
  if (pattern === undefined) return false
  try {
    return new RegExp(pattern, 'u').test(JSON.parse(text) as string)
  } catch {
    return false
  }
}

/** For people. */
export function said({ anything, plain, objects, lists }: Values): string {
  const all = [
    ...(anything ? ['anything'] : []),
    ...plain,
    ...(objects.length > 0 ? ['object'] : []),
    ...(lists.length > 0 ? ['array'] : []),
  ]
  return all.length === 0 ? 'nothing' : all.join(' | ')
}
