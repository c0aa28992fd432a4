import { Type } from 'avsc'
import type { types } from 'avsc'
import { decodeJson, jsonText } from '@boostercloud/streamer-connector'
import type { BodyValue } from '../codec/schema-kind'
import { budget } from './budget'
import { MAX_SCHEMA_CHARACTERS, checkSchema } from '../check-schema'
import { typeFor } from './types/type-for'
import { undeclaredField } from './undeclared-field'
import { whereWrong } from './where-wrong'
import { weightOf } from './weight'
import { firstMatch, hasNameOf, lastPart, nameOf, resolverOf } from './resolution'
import type { AvscResolver } from './resolution'
import { Misfit } from '../misfit'

/**
 * An Avro schema: as text, or as what its JSON holds.
 * @public
 */
export type AvroDefinition = string | object

/** Where a value stands in a body: behind the index of a union's branch, where the schema is a union. */
interface Found {
  readonly type: Type
  readonly from: number
}

/** A reader's type, and what reads a writer's bytes as it. */
interface Chosen {
  readonly reader: Type
  readonly resolver: AvscResolver
}

const INDEX = Type.forSchema('int')

/** A schema, ready to read and write bytes: Avro 1.12, "Binary encoding". */
export class AvroSchema {
  /** Those that `chosen` is for; a codec has one list. */
  private readers?: readonly AvroSchema[]
  private readonly chosen = new Map<Type, Chosen | null>()

  private constructor(
    /** avsc's type for it. */
    public readonly type: Type,
    /** Its JSON. */
    public readonly text: string
  ) {}

  /**
   * Throws for what is no schema, or is larger than a schema has reason to be. `references`: those it names, each before its users. `isLenient`: for
   * a schema of somebody else's, whose defaults and aliases may be wrong; those are then left out.
   */
  public static of(
    definition: AvroDefinition,
    references: readonly AvroDefinition[] = [],
    isLenient = false
  ): AvroSchema {
    const registry = Object.create(null) as Record<string, Type>
    for (const reference of references) typeFor(parsed(textOf(reference)), registry, isLenient)
    const text = textOf(definition)
    const schema = new AvroSchema(typeFor(parsed(text), registry, isLenient), text)
    for (const type of schema.branches()) weightOf(type)
    return schema
  }

  /** Full name of the record; of a union, and of what has no name, undefined. */
  public get name(): string | undefined {
    return this.type.name
  }

  public nameFor(): string | undefined {
    return this.name
  }

  /** What a body may hold: the branches of a union, or the type itself. */
  public branches(): readonly Type[] {
    return Type.isType(this.type, 'union') ? (this.type as types.UnwrappedUnionType).types : [this.type]
  }

  /**
   * Reads a body whole, as the first of `readers` that has its name if there is one, else as it was written; what has no name, as the first of
   * those without names that it matches. Throws for bytes that are not of this schema, and where the reader's cannot be read from it.
   */
  public read(body: Uint8Array, readers: readonly AvroSchema[] = []): BodyValue {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    budget.begin(bytes.length)
    const { type, from } = this.find(bytes)
    const chosen = readers.length === 0 ? undefined : this.chosenFor(type, readers)
    const { value, offset } = decoded(bytes, from, type, chosen)
    if (offset < 0) throw new Misfit('the bytes end too soon')
    if (offset < bytes.length) throw new Misfit('there are bytes behind the value')
    return { value, name: (chosen?.reader ?? type).name }
  }

  /** Writes a value; of a union, as the branch whose name is the event's type. Throws, naming the field, for what the schema has no place for. */
  public write(value: object, typeName: string): Buffer {
    const branches = this.branches()
    const index = branches.length === 1 ? 0 : branches.findIndex(({ name }) => isNamed(name, typeName))
    if (index < 0) throw new Misfit(`the schema is a union without ${typeName}`)
    const type = branches[index]
    const bytes = written(type, value)
    const undeclared = undeclaredField(type, value)
    if (undeclared !== undefined) throw new Misfit(`the schema has no field ${undeclared}`)
    return type === this.type ? bytes : Buffer.concat([INDEX.toBuffer(index), bytes])
  }

  private chosenFor(type: Type, readers: readonly AvroSchema[]): Chosen | undefined {
    if (readers !== this.readers) {
      this.readers = readers
      this.chosen.clear()
    }
    let chosen = this.chosen.get(type)
    if (chosen === undefined) this.chosen.set(type, (chosen = chosenFrom(type, readers) ?? null))
    return chosen ?? undefined
  }

  private find(bytes: Buffer): Found {
    if (!Type.isType(this.type, 'union')) return { type: this.type, from: 0 }
    const { value: index, offset } = INDEX.decode(bytes, 0) as { value: number; offset: number }
    const type = this.branches()[index]
    if (offset < 0 || !type) throw new Misfit('a union has no such branch')
    return { type, from: offset }
  }
}

function chosenFrom(type: Type, readers: readonly AvroSchema[]): Chosen | undefined {
  const reader = findReader(type, readers)
  return reader && { reader, resolver: resolverOf(type, reader) }
}

function findReader(type: Type, readers: readonly AvroSchema[]): Type | undefined {
  const branches = readers.flatMap((reader) => reader.branches())
  const named = branches.filter((branch) => hasNameOf(branch, type))
  if (type.name !== undefined) return named.find(({ name }) => name === type.name) ?? named[0]
  const unnamed = branches.filter(({ name }) => name === undefined)
  if (unnamed.length === 0) return undefined
  const reader = firstMatch(type, unnamed)
  if (!reader) throw new Misfit(`${nameOf(type)} cannot be read as ${unnamed.map(nameOf).join(' or ')}`)
  return reader
}

function decoded(bytes: Buffer, from: number, type: Type, chosen?: Chosen): { value: unknown; offset: number } {
  try {
    return chosen ? chosen.reader.decode(bytes, from, chosen.resolver) : type.decode(bytes, from)
  } catch (thrown) {
    if (thrown instanceof Misfit) throw thrown
    throw new Misfit(`its bytes are no ${nameOf(type)}`)
  }
}

function written(type: Type, value: object): Buffer {
  try {
    return type.toBuffer(value)
  } catch {
    // Without a cause: the library's message quotes the value.
    throw new Misfit(whereWrong(type, value))
  }
}

function parsed(text: string): unknown {
  if (text.length > MAX_SCHEMA_CHARACTERS) throw new Misfit(`it has more than ${MAX_SCHEMA_CHARACTERS} characters`)
  const schema = decodeJson(Buffer.from(text))
  checkSchema(schema)
  return schema
}

function textOf(definition: AvroDefinition): string {
  return typeof definition === 'string' ? definition : jsonText(definition)
}

/** Avro compares names in their last part, Avro 1.12, "Schema Resolution"; a class has no namespace. */
function isNamed(name: string | undefined, typeName: string): boolean {
  return name !== undefined && lastPart(name) === lastPart(typeName)
}
