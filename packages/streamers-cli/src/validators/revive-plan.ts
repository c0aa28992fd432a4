import type { FieldSchema } from '../schemas'
import { DECODED_BY_FORMAT } from './decoded-form'

/** Where values of a schema are something else for a handler than on the wire; as `RevivePlan` of the package streamers has it. */
type Plan = string | { readonly [part: string]: unknown }

/** The plans of a schema and of its definitions; a definition without one is not there. */
export interface Plans {
  readonly plan?: Plan
  readonly plans: Readonly<Record<string, Plan>>
}

/** How the text of a `Date` begins. */
const LIKE_A_DATE = /^[+-]?\d{4,6}-/
const REFERENCE = '#/definitions/'

/** Works out what is to be revived in values of a schema. */
export function revivePlans(schema: FieldSchema): Plans {
  const { definitions = {} } = schema
  const changing = new Set<string>()
  const planOf = (one: FieldSchema): Plan | undefined => new Planner(definitions, changing).plan(one)
  // A type that contains itself has a plan where anything in it has one: found by going round until no more are found.
  for (let size = -1; size < changing.size;) {
    size = changing.size
    for (const [name, one] of Object.entries(definitions)) if (planOf(one) !== undefined) changing.add(name)
  }
  const plans = [...changing].map((name) => [name, planOf(definitions[name])] as const)
  return { plan: planOf(schema), plans: Object.fromEntries(plans) as Record<string, Plan> }
}

class Planner {
  public constructor(
    private readonly definitions: Readonly<Record<string, FieldSchema>>,
    private readonly changing: ReadonlySet<string>
  ) {}

  public plan(schema: FieldSchema): Plan | undefined {
    const { $ref, anyOf, format = '' } = schema
    if ($ref !== undefined) return this.reference(decodeURIComponent($ref.slice(REFERENCE.length)))
    if (Object.hasOwn(DECODED_BY_FORMAT, format)) return DECODED_BY_FORMAT[format]
    if (anyOf) return this.choice(flat(anyOf))
    const parts = schema.items === undefined ? this.objectParts(schema) : this.listParts(schema)
    const present = Object.entries(parts).filter(([, part]) => part !== undefined)
    return present.length === 0 ? undefined : Object.fromEntries(present)
  }

  private reference(name: string): Plan | undefined {
    return this.changing.has(name) ? { ref: name } : undefined
  }

  private objectParts({ properties = {}, additionalProperties }: FieldSchema): Record<string, unknown> {
    const plans = Object.entries(properties).map(([name, one]) => [name, this.plan(one)] as const)
    const present = plans.filter(([, one]) => one !== undefined)
    return {
      fields: present.length === 0 ? undefined : Object.fromEntries(present),
      others: typeof additionalProperties === 'object' ? this.plan(additionalProperties) : undefined,
    }
  }

  private listParts({ items, additionalItems }: FieldSchema): Record<string, unknown> {
    if (!Array.isArray(items)) return { rest: this.plan(items as FieldSchema) }
    const first = (items as readonly FieldSchema[]).map((one) => this.plan(one) ?? null)
    return {
      first: first.some((one) => one !== null) ? first : undefined,
      rest: typeof additionalItems === 'object' ? this.plan(additionalItems) : undefined,
    }
  }

  /** What could stay as it is stays so: a text is one where a `Date` may stand too. */
  private choice(branches: readonly FieldSchema[]): Plan | undefined {
    const all = branches.map((one) => this.resolved(one))
    const texts = all.flatMap(({ format = '' }) =>
      ['date-time', 'byte'].includes(format) ? [DECODED_BY_FORMAT[format]] : []
    )
    const isNumber = ({ type = 'number', format = '' }: FieldSchema): boolean =>
      format !== 'int64' && [type].flat().some((one) => one === 'number' || one === 'integer')
    const choice = {
      text: texts.length === 1 && !all.some((one) => hasOtherTexts(one, texts[0])) ? texts[0] : undefined,
      number: all.some(({ format }) => format === 'int64') && !all.some(isNumber) ? 'bigint' : undefined,
      list: this.only(branches.filter((_, index) => all[index].type === 'array')),
      objects: this.objects(branches.filter((_, index) => all[index].type === 'object')),
    }
    return Object.values(choice).some((one) => one !== undefined) ? { choice } : undefined
  }

  /** Lists cannot be told apart without looking into them. */
  private only(lists: readonly FieldSchema[]): Plan | undefined {
    return lists.length === 1 ? this.plan(lists[0]) : undefined
  }

  /** One object, or several that are told apart by fixed values of a field, or by a field that only one of them has. */
  private objects(branches: readonly FieldSchema[]): readonly object[] | undefined {
    const schemas = branches.map((one) => this.resolved(one))
    const plans = branches.map((one) => this.plan(one))
    if (plans.every((plan) => plan === undefined)) return undefined
    if (plans.length === 1) return [{ when: {}, plan: plans[0] }]
    const name = discriminatorOf(schemas)
    if (name !== undefined)
      return schemas.flatMap((one, index) =>
        fixedIn(one, name).map((is) => ({ when: { [name]: is }, plan: plans[index] }))
      )
    const byConstants = schemas.map(constantsOf)
    if (new Set(byConstants.map((one) => JSON.stringify(one))).size === schemas.length && byConstants.every(isFilled))
      return byConstants.map((when, index) => ({ when, plan: plans[index] }))
    const byField = schemas.map((one) => ownFieldOf(one, schemas))
    if (!byField.includes(undefined)) return byField.map((has, index) => ({ when: {}, has, plan: plans[index] }))
    const [field, other] = exceptionIn(schemas) ?? []
    if (field === undefined) return undefined
    const told = schemas.flatMap((one, index) =>
      fixedIn(one, field).map((is) => ({ when: { [field]: is }, plan: plans[index] }))
    )
    return [...told, { when: {}, plan: plans[other ?? 0] }]
  }

  private resolved(schema: FieldSchema): FieldSchema {
    if (schema.$ref === undefined) return schema
    return this.definitions[decodeURIComponent(schema.$ref.slice(REFERENCE.length))] ?? {}
  }
}

/** Whether a schema has texts that could also be those of a `Date` or of bytes. */
function hasOtherTexts({ type = 'string', format = '', ...schema }: FieldSchema, plan: Plan): boolean {
  if (![type].flat().includes('string') || Object.hasOwn(DECODED_BY_FORMAT, format) || format === 'uuid') return false
  const fixed = schema.enum ?? (schema.const === undefined ? undefined : [schema.const])
  return fixed === undefined || fixed.some((text) => plan !== 'Date' || LIKE_A_DATE.test(String(text)))
}

function flat(branches: readonly FieldSchema[]): FieldSchema[] {
  return branches.flatMap((one) => (one.anyOf ? flat(one.anyOf) : [one]))
}

/** The field that has in each of these objects values of its own, as `kind`. */
function discriminatorOf(schemas: readonly FieldSchema[]): string | undefined {
  return Object.keys(schemas[0].properties ?? {}).find((name) => {
    const values = schemas.map((one) => fixedIn(one, name))
    return values.every((all) => all.length > 0) && new Set(values.flat()).size === values.flat().length
  })
}

/** The only values that a field can have; none where it can have others. */
function fixedIn({ properties = {} }: FieldSchema, name: string): readonly unknown[] {
  if (!Object.hasOwn(properties, name)) return []
  const { enum: values, const: value, type } = properties[name]
  if (type === 'null') return [null]
  return values ?? (value === undefined ? [] : [value])
}

/** A field that has values of its own in each of these objects but one, where it has values of another kind; and which that one is. */
function exceptionIn(schemas: readonly FieldSchema[]): readonly [field: string, other: number] | undefined {
  for (const field of Object.keys(schemas[0].properties ?? {})) {
    const values = schemas.map((one) => fixedIn(one, field))
    const others = values.flatMap((all, index) => (all.length === 0 ? [index] : []))
    const told = values.flat()
    const { [field]: schema } = schemas[others[0]]?.properties ?? {}
    const isTold = others.length === 1 && new Set(told).size === told.length && isRequiredIn(schemas[others[0]], field)
    if (isTold && told.every((value) => isOfAnotherKind(value, schema))) return [field, others[0]]
  }
  return undefined
}

function isRequiredIn({ required = [] }: FieldSchema, field: string): boolean {
  return required.includes(field)
}

function isOfAnotherKind(value: unknown, { type, anyOf }: FieldSchema): boolean {
  if (anyOf) return anyOf.every((one) => isOfAnotherKind(value, one))
  const kind = value === null ? 'null' : typeof value
  return type !== undefined && ![type].flat().some((one) => (one === 'integer' ? 'number' : one) === kind)
}

function constantsOf({ properties = {} }: FieldSchema): Record<string, unknown> {
  const constants = Object.entries(properties).filter(([, one]) => one.const !== undefined)
  return Object.fromEntries(constants.map(([name, one]) => [name, one.const]))
}

function isFilled(object: object): boolean {
  return Object.keys(object).length > 0
}

/** A field that objects of a schema always have, and that no other of these can have. */
function ownFieldOf(schema: FieldSchema, all: readonly FieldSchema[]): string | undefined {
  const others = all.filter((one) => one !== schema)
  const isOwn = (name: string): boolean =>
    others.every(({ properties = {} }) => !Object.hasOwn(properties, name) || properties[name].not !== undefined)
  return schema.required?.find(isOwn)
}
