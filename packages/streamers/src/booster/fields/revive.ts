import { instantOf } from './instant'
import { bytesOf } from './wire-bytes'
import type { ReviveChoice, RevivePlan } from './written-schema'

type Plans = Readonly<Record<string, RevivePlan>>
type Structure = Exclude<RevivePlan, string | { readonly ref: string } | { readonly choice: ReviveChoice }>

/**
 * A valid value with a `Date`, a `bigint` and bytes where its schema has them. What came is not written to: objects and lists are copied where something in them changes.
 * Objects of classes, which were made for this event, are changed themselves.
 */
export function revive(value: unknown, plan: RevivePlan, plans: Plans): unknown {
  if (typeof plan === 'string') return REVIVED[plan](value) ?? value
  if ('ref' in plan) return revive(value, plans[plan.ref], plans)
  if (!('choice' in plan)) return reviveIn(value, plan, plans)
  const one = chosen(value, plan.choice)
  return one === undefined ? value : revive(value, one, plans)
}

const REVIVED: Readonly<Record<Extract<RevivePlan, string>, (value: unknown) => unknown>> = {
  Date: instantOf,
  bigint: (value) => (Number.isSafeInteger(value) ? BigInt(value as number) : undefined),
  bytes: bytesOf,
}

function reviveIn(value: unknown, plan: Structure, plans: Plans): unknown {
  if (Array.isArray(value)) return reviveList(value, plan, plans)
  return typeof value === 'object' && value !== null ? reviveObject(value, plan, plans) : value
}

/** The plan for what stands there, of several; undefined: it stays as it is. */
function chosen(value: unknown, { text, number, list, objects = [] }: ReviveChoice): RevivePlan | undefined {
  if (typeof value === 'string') return text
  if (typeof value === 'number') return number
  if (Array.isArray(value)) return list
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>
  return objects.find(({ when, has }) => isOne(fields, when) && (has === undefined || Object.hasOwn(fields, has)))?.plan
}

function isOne(fields: Readonly<Record<string, unknown>>, when: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(when).every(([name, is]) => fields[name] === is)
}

function reviveList(list: readonly unknown[], plan: Structure, plans: Plans): unknown {
  const { first = [], rest = null } = plan
  let changed: unknown[] | undefined
  for (let at = 0; at < list.length; at += 1) {
    const one = at < first.length ? first[at] : rest
    const now = one === null ? list[at] : revive(list[at], one, plans)
    if (now === list[at]) continue
    changed ??= [...list]
    changed[at] = now
  }
  return changed ?? list
}

function reviveObject(object: object, structure: Structure, plans: Plans): unknown {
  const values = object as Readonly<Record<string, unknown>>
  const changed: [name: string, value: unknown][] = []
  for (const [name, plan] of plannedIn(object, structure)) {
    const now = revive(values[name], plan, plans)
    if (now !== values[name]) changed.push([name, now])
  }
  if (changed.length === 0) return object
  const target = isPlain(object) ? { ...object } : object
  for (const [name, value] of changed) Reflect.set(target, name, value)
  return target
}

/** The fields of an object that have a plan. */
function plannedIn(object: object, { fields = {}, others }: Structure): [name: string, plan: RevivePlan][] {
  const ofFields = Object.entries(fields).filter(([name]) => Object.hasOwn(object, name))
  if (others === undefined) return ofFields
  const rest = Object.keys(object).filter((name) => !Object.hasOwn(fields, name))
  return [...ofFields, ...rest.map((name): [string, RevivePlan] => [name, others])]
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === Object.prototype || prototype === null
}
