import type { SqlValue } from '../database/database'
import { PLAIN_NAME } from '../database/dialect'
import type { Dialect, FieldWords } from '../database/dialect'
import { listOf } from './matches'
import type { FilterPart, Operator } from './matches'

/** A filter in SQL. */
export interface Condition {
  readonly sql: string
  /** Whether what it lets through passes the filter; else the filter itself is to be asked of each. */
  readonly isExact: boolean
}

const ANY: Condition = { sql: '1 = 1', isExact: false }
const NONE: Condition = { sql: '1 = 0', isExact: true }
const COMPARISONS: Partial<Record<Operator, string>> = { lt: '<', gt: '>', lte: '<=', gte: '>=' }

/** Writes filters as SQL, as far as SQL can say them; their values become parameters. */
export class ConditionWriter {
  /** `values` has the parameters of the statement so far, and takes up those of the filters. */
  public constructor(
    private readonly dialect: Dialect,
    private readonly values: SqlValue[]
  ) {}

  public all(parts: readonly FilterPart[]): Condition {
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
        return part.path.every((name) => PLAIN_NAME.test(name))
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
        return joined(
          listOf(operand).map((each) => this.equals(field, each)),
          'OR',
          '1 = 0'
        )
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
    if (operand === null || typeof operand === 'boolean') return exactly(`${field.kind} = '${operand}'`)
    if (typeof operand === 'number') return exactly(field.comparesWith('=', this.parameter(operand)))
    if (typeof operand !== 'string' || !isPlainText(operand)) return ANY
    return exactly(field.isText(this.parameter(operand)))
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

/** Without what the databases keep in another form inside JSON. */
function isPlainText(text: string): boolean {
  return !/[\0\ue000\p{Surrogate}]/u.test(text)
}

/** Where a field is absent a condition is neither true nor false; here it is false. */
function exactly(sql: string): Condition {
  return { sql: `(${sql}) IS TRUE`, isExact: true }
}

function not({ sql, isExact }: Condition): Condition {
  return isExact ? { sql: `NOT (${sql})`, isExact } : ANY
}

function joined(conditions: readonly Condition[], word: 'AND' | 'OR', none: string): Condition {
  return {
    sql: conditions.length === 0 ? none : `(${conditions.map(({ sql }) => sql).join(` ${word} `)})`,
    isExact: conditions.every(({ isExact }) => isExact),
  }
}
