import type { SqlValue } from '../database/database'
import { PLAIN_NAME } from '../database/dialect'
import type { Dialect, FieldWords } from '../database/dialect'
import { ANY, NONE, exactly, joined, not } from './conditions'
import type { Condition } from './conditions'
import { listOf } from './matches'
import type { FilterPart, Operator } from './matches'

export type { Condition } from './conditions'

const COMPARISONS: Partial<Record<Operator, string>> = { lt: '<', gt: '>', lte: '<=', gte: '>=' }
/** PostgreSQL takes 65,535 parameters, SQLite 32,766. */
const MOST_PARAMETERS = 10_000
const PARAMETER = /\?(\d+)/g

/** Writes filters as SQL, as far as SQL can say them and the databases take them; their values become parameters. */
export class ConditionWriter {
  /** `values` has the parameters of the statement so far, and takes up those of the filters. */
  public constructor(
    private readonly dialect: Dialect,
    private readonly values: SqlValue[]
  ) {}

  /** What is left out of the SQL leaves no parameter behind, which PostgreSQL would not know the type of. */
  public write(parts: readonly FilterPart[]): Condition {
    const before = this.values.length
    const condition = this.all(parts)
    const places = new Map<string, number>()
    for (const [, number] of condition.sql.matchAll(PARAMETER)) {
      if (!places.has(number)) places.set(number, before + places.size + 1)
    }
    const used = [...places.keys()].map((number) => this.values[Number(number) - 1])
    this.values.length = before
    for (const value of used) this.values.push(value)
    return { ...condition, sql: condition.sql.replace(PARAMETER, (_, number: string) => `?${places.get(number)}`) }
  }

  private all(parts: readonly FilterPart[]): Condition {
    return joined(
      parts.map((part) => this.one(part)),
      'AND',
      '1 = 1'
    )
  }

  private one(part: FilterPart): Condition {
    switch (part.kind) {
      case 'and':
        return joined(
          part.parts.map((each) => this.all(each)),
          'AND',
          '1 = 1'
        )
      case 'or':
        return joined(
          part.parts.map((each) => this.all(each)),
          'OR',
          '1 = 0'
        )
      case 'not':
        return not(this.all(part.part))
      case 'field':
        return part.path.every((name) => PLAIN_NAME.test(name)) && this.values.length < MOST_PARAMETERS
          ? this.operation(this.dialect.field(part.path), part.operator, part.operand)
          : ANY
    }
  }

  private operation(field: FieldWords, operator: Operator, operand: unknown): Condition {
    switch (operator) {
      case 'eq':
        return this.equals(field, operand)
      case 'ne':
        return not(this.equals(field, operand))
      case 'in':
        return this.isIn(field, [...new Set(listOf(operand))])
      case 'isDefined':
        return exactly(`${field.kind} IS ${operand ? 'NOT ' : ''}NULL`)
      case 'contains':
      case 'beginsWith':
        return this.place(field, operator, String(operand))
      default:
        return this.compares(field, COMPARISONS[operator], operand)
    }
  }

  private equals(field: FieldWords, operand: unknown): Condition {
    if (isKind(operand)) return exactly(`${field.kind} = '${operand}'`)
    if (typeof operand === 'number') return exactly(field.comparesWith('=', this.parameter(operand)))
    if (typeof operand !== 'string' || !isPlainText(operand)) return ANY
    return exactly(field.isText(this.parameter(operand)))
  }

  /** However many there are, the texts and numbers are one parameter. */
  private isIn(field: FieldWords, operands: readonly unknown[]): Condition {
    const kinds = operands.filter(isKind).map((each) => exactly(`${field.kind} = '${each}'`))
    const listed = operands.filter(
      (each) => typeof each === 'number' || (typeof each === 'string' && isPlainText(each))
    )
    if (kinds.length + listed.length < operands.length) return ANY
    const some = listed.length > 0 ? [exactly(field.isIn(this.parameter(JSON.stringify(listed))))] : []
    return joined([...kinds, ...some], 'OR', '1 = 0')
  }

  private compares(field: FieldWords, operator: string | undefined, operand: unknown): Condition {
    if (operator === undefined) return ANY
    if (typeof operand === 'number') return exactly(field.comparesWith(operator, this.parameter(operand)))
    if (typeof operand !== 'string') return NONE
    return isPlainText(operand) ? exactly(`${field.text} ${operator} ${this.parameter(operand)}`) : ANY
  }

  private place(field: FieldWords, operator: 'contains' | 'beginsWith', operand: string): Condition {
    if (!isPlainText(operand)) return ANY
    const place = this.dialect.place(field.text, this.parameter(operand))
    return exactly(`${place} ${operator === 'contains' ? '> 0' : '= 1'}`)
  }

  private parameter(value: string | number): string {
    this.values.push(value)
    return `?${this.values.length}`
  }
}

/** What is told by the kind of a value alone. */
function isKind(operand: unknown): operand is null | boolean {
  return operand === null || typeof operand === 'boolean'
}

/** Without what the databases keep in another form inside JSON. */
function isPlainText(text: string): boolean {
  return !/[\0\ue000\p{Surrogate}]/u.test(text)
}
