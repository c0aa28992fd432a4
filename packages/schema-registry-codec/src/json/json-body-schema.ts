import { decodeJson, encodeJson, jsonText } from '@boostercloud/streamer-connector'
import type { AnySchema, ValidateFunction } from 'ajv'
import { MAX_SCHEMA_CHARACTERS, checkSchema } from '../check-schema'
import type { ReferencedSchema } from '../registry/registry-client'
import type { BodySchema, BodyValue } from '../codec/schema-kind'
import { ignoresBesideRef, validatorFor } from './drafts'
import { withoutIdsBesideRef } from './ids-beside-ref'
import { withoutBigints } from './without-bigints'
import { whereWrong } from './where-wrong'
import { Misfit } from '../misfit'

/**
 * A JSON Schema: as text, or as what its JSON holds.
 * @public
 */
export type JsonSchemaDefinition = string | object

/** A JSON Schema, ready to check what is written and read. */
export class JsonBodySchema implements BodySchema {
  private constructor(
    public readonly text: string,
    /** Its JSON. */
    public readonly schema: object | boolean,
    private readonly check: ValidateFunction
  ) {}

  /** Throws for what is no schema, is of a draft that is not known, or refers to what is not there. */
  public static of(definition: JsonSchemaDefinition, references: readonly ReferencedSchema[] = []): JsonBodySchema {
    const text = typeof definition === 'string' ? definition : jsonText(definition)
    const schema = parsed(text)
    const ajv = validatorFor(schema)
    for (const one of references) {
      const referenced = withoutId(usable(parsed(one.schema))) as AnySchema
      for (const name of namesOf(one.name, schema)) ajv.addSchema(referenced, name)
    }
    const check = ajv.compile(withoutOldDraft(usable(schema)) as AnySchema)
    return new JsonBodySchema(text, schema, check)
  }

  /** Its title, as Confluent's serializers have it. */
  public get name(): string | undefined {
    const { title } = this.schema as { title?: unknown }
    return typeof title === 'string' ? title : undefined
  }

  public nameFor(): string | undefined {
    return this.name
  }

  public write(event: object): Uint8Array {
    const data = encodeJson(event)
    this.refuseOther(decodeJson(data))
    return data
  }

  /** Reads a body. Throws for what is no JSON, and, naming the field, for what does not fit. */
  public read(data: Uint8Array): BodyValue {
    const value = decodeJson(data)
    this.refuseOther(value)
    return { value, name: this.name }
  }

  private refuseOther(value: unknown): void {
    if (this.check(withoutBigints(value))) return
    throw new Misfit(whereWrong(this.check.errors ?? []))
  }
}

function parsed(text: string): object | boolean {
  if (text.length > MAX_SCHEMA_CHARACTERS) throw new Misfit(`it has more than ${MAX_SCHEMA_CHARACTERS} characters`)
  const schema = withoutBigints(decodeJson(Buffer.from(text)))
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null || Array.isArray(schema))) {
    throw new Misfit('it is no object')
  }
  checkSchema(schema)
  // A validator of ajv's that answers later would count as one that agrees.
  if (Object.hasOwn(Object(schema) as object, '$async')) throw new Misfit('it has the keyword $async')
  return schema
}

/** What a schema may call another one: as it was registered, and that from the place that it says it is at. */
function namesOf(name: string, schema: unknown): string[] {
  const { $id: base } = Object(schema) as { $id?: unknown }
  const full = typeof base === 'string' && URL.canParse(name, base) ? new URL(name, base).href : name
  return [...new Set([name, full])]
}

/** As ajv reads it as its draft has it. */
function usable(schema: object | boolean): object | boolean {
  return ignoresBesideRef(schema) ? withoutIdsBesideRef(schema) : schema
}

/** Draft 6 is read as draft 7, whose schemas it has all but the newest keywords of. */
function withoutOldDraft(schema: object | boolean): object | boolean {
  const { $schema: draft } = Object(schema) as { $schema?: unknown }
  return /draft-06/.test(String(draft)) ? { ...(schema as object), $schema: undefined } : schema
}

/** A schema that is known by the name that others have for it. */
function withoutId(schema: object | boolean): object | boolean {
  if (typeof schema === 'boolean') return schema
  const { $id: _, ...rest } = schema as { readonly $id?: unknown }
  return rest
}
