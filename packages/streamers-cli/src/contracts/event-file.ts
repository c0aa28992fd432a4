import { StreamerError, decodeJson, jsonText } from '@boostercloud/streamer-connector'
import type {
  FieldShape,
  NamedShape,
  PulledSchema,
  SchemaLanguage,
  SchemaShape,
  Shape,
} from '@boostercloud/schema-registry-codec'
import { printable } from '../terminal/output'
import { comment } from './comment'
import { literal } from './literal'
import { checkField, className, fieldName, fieldOf, fileName, typeNames } from './names'
import { isNullable, meaningOf, typeText } from './type-text'
import type { LongType, TypeWriting } from './type-text'

/** How classes are written. */
export interface EventFileOptions {
  /** The field that names the entity. */
  readonly entityId?: string
  readonly long: LongType
}

/** A file with one event class. */
export interface EventFile {
  readonly name: string
  readonly className: string
  readonly text: string
}

type RecordShape = Extract<NamedShape, { kind: 'record' }>

/** The first line of what is written, by which it is known again. */
export const MARK =
  '// Written by boost-streamers contracts pull, from a schema registry. Changes are lost at the next pull.'

/**
 * A file for each event that a subject carries. The same schema gives the same bytes. Throws `OPTION_INVALID` where no class can be made of
 * it, or where the entity's field is not one of its fields.
 */
export function eventFiles(pulled: PulledSchema, options: EventFileOptions): EventFile[] {
  const { roots, named } = pulled.shape
  return roots
    .filter(({ kind }) => kind !== 'null')
    .map((root) => {
      const record = root.kind === 'named' ? named.get(root.name) : undefined
      if (root.kind !== 'named' || record?.kind !== 'record') {
        throw invalid(NO_OBJECT[pulled.language], pulled.subject)
      }
      const name = className(root.name)
      return {
        name: fileName(name),
        className: name,
        text: new EventWriter(pulled, root.name, name, options).write(record),
      }
    })
}

const NO_OBJECT: Readonly<Record<SchemaLanguage, string>> = {
  AVRO: 'The schema is neither a record nor a union of records',
  JSON: 'The schema does not say the type of any field',
  PROTOBUF: 'The schema has no message with fields',
}

/** The codec's option that a schema is for. */
const OPTION_FOR: Readonly<Record<SchemaLanguage, string>> = {
  AVRO: 'readerSchema',
  JSON: 'schemas, to publish with',
  PROTOBUF: 'schemas, to publish with',
}

class EventWriter {
  private readonly others: readonly string[]
  private readonly names: ReadonlyMap<string, string>

  public constructor(
    private readonly pulled: PulledSchema,
    private readonly fullName: string,
    private readonly name: string,
    private readonly options: EventFileOptions
  ) {
    this.others = usedBy(fullName, pulled.shape).filter((one) => one !== fullName)
    this.names = new Map([[fullName, name], ...typeNames(this.others, [name, `${name}Schema`])])
  }

  public write(record: RecordShape): string {
    const { subject, version } = this.pulled
    const parts = [
      `${MARK}\n/* eslint-disable */\n// Subject ${printable(subject)}, version ${version}: ${this.fullName}.\n`,
      `import { UUID } from '@boostercloud/framework-types'\n`,
      this.classText(record),
      ...this.others.map((one) => this.namedText(one)),
      this.schemaText(),
    ]
    return parts.filter((part) => part !== '').join('\n')
  }

  private classText(record: RecordShape): string {
    const { entityId } = this.options
    const entity = entityFieldOf(record, entityId, this.name)
    const fields = record.fields.map((field) => {
      checkField(field.name, this.name)
      const isId = field === entity && field.shape.kind === 'string'
      return this.fieldText(field, isId ? 'UUID' : undefined)
    })
    const field = fieldOf('this', entity.name)
    const id = entity.shape.kind === 'string' ? field : `String(${field})`
    const construct = `  public constructor(fields: Omit<${this.name}, 'entityID'>) {\n    Object.assign(this, fields)\n  }\n`
    const entityID = `  public entityID(): UUID {\n    return ${id}\n  }\n`
    return `${comment([record.doc])}export class ${this.name} {\n${[this.typeText(), ...fields, `\n${construct}`, `\n${entityID}`].join('')}}\n`
  }

  /** What its events are called on the wire, where that can be no class's name. */
  private typeText(): string {
    const { type = this.name } = this.pulled
    return type === this.name ? '' : `  public static readonly eventType = ${literal(type)}\n\n`
  }

  private fieldText(field: FieldShape, type?: string): string {
    const { name, doc, shape } = field
    const writing: TypeWriting = { names: this.names, long: this.options.long }
    const [mark, more] = mayBeMissing(field) ? ['?', ' | undefined'] : ['!', '']
    const text = (type ?? typeText(shape, writing)) + more
    return `${comment([doc, meaningText(shape)], '  ')}  public readonly ${fieldName(name)}${mark}: ${text}\n`
  }

  private namedText(fullName: string): string {
    const named = this.pulled.shape.named.get(fullName)
    const name = this.names.get(fullName)
    if (named?.kind === 'enum') {
      const symbols = [...named.symbols.map((symbol) => literal(symbol)), ...(named.isOpen ? ['number'] : [])]
      return `${comment([named.doc])}export type ${name} = ${symbols.join(' | ')}\n`
    }
    const fields = (named?.fields ?? []).map((field) => this.memberText(field))
    return `${comment([named?.doc])}export interface ${name} ${fields.length === 0 ? '{}' : `{\n${fields.join('')}}`}\n`
  }

  private memberText(field: FieldShape): string {
    const { name, doc, shape } = field
    const text = typeText(shape, { names: this.names })
    return `${comment([doc, meaningText(shape)], '  ')}  readonly ${fieldName(name)}${mayBeMissing(field) ? '?' : ''}: ${text}\n`
  }

  /** In Avro what a codec reads with too, so that older and newer versions of the event arrive as this one. */
  private schemaText(): string {
    const { text, language } = this.pulled
    if (text === undefined) return ''
    const doc = comment([`The schema, for the codec's option ${OPTION_FOR[language]}.`])
    return `${doc}export const ${this.name}Schema =\n  ${literal(language === 'PROTOBUF' ? text : compact(text))}\n`
  }
}

function entityFieldOf({ fields }: RecordShape, entityId: string | undefined, at: string): FieldShape {
  const fit = fields.filter((field) => !mayBeMissing(field) && ['string', 'number', 'long'].includes(field.shape.kind))
  const field = fit.find(({ name }) => name === entityId)
  if (field) return field
  const names = fit.map(({ name }) => name).join(', ')
  throw invalid(
    entityId === undefined
      ? 'The field that identifies the entity is not known'
      : `The field '${entityId}' cannot identify the entity`,
    at,
    `Name one of its fields with --entity-id: ${names}.`
  )
}

/** Names that a record's fields lead to, in the order of the schema. */
function usedBy(fullName: string, { named }: SchemaShape): string[] {
  const used = new Set<string>()
  const visit = (shape: Shape): void => {
    if (shape.kind === 'list' || shape.kind === 'map') visit(shape.of)
    if (shape.kind === 'choice') shape.branches.forEach(visit)
    if (shape.kind !== 'named' || used.has(shape.name)) return
    used.add(shape.name)
    const one = named.get(shape.name)
    if (one?.kind === 'record') one.fields.forEach((field) => visit(field.shape))
  }
  visit({ kind: 'named', name: fullName })
  return [...named.keys()].filter((name) => used.has(name))
}

function mayBeMissing({ shape, isOptional = false }: FieldShape): boolean {
  return isOptional || isNullable(shape)
}

function meaningText(shape: Shape): string | undefined {
  const meaning = meaningOf(shape)
  return meaning === undefined ? undefined : `Text: ${meaning}.`
}

/** JSON without the spaces that somebody may have put into it. */
function compact(text: string): string {
  return jsonText(decodeJson(Buffer.from(text)))
}

function invalid(
  what: string,
  at: string,
  hint = 'Handle its events without eventType, as they arrived.'
): StreamerError {
  return new StreamerError('OPTION_INVALID', `${what}.`, { at, hint })
}
