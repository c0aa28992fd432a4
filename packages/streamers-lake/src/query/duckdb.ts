import { StreamerError } from '@boostercloud/streamer-connector'

/** A value as the engine writes it in JSON. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Rows of a query, in chunks. */
export interface DuckResult {
  readonly columnCount: number
  deduplicatedColumnNames(): readonly string[]
  columnType(column: number): { readonly typeId: number; readonly alias?: string }
  yieldRowsJson(): AsyncIterable<readonly (readonly Json[])[]>
}

/** A statement that is checked and has not run. */
export interface DuckStatement {
  readonly statementType: number
  stream(): Promise<DuckResult>
}

/** A connection to an engine of its own, which keeps nothing. */
export interface DuckConnection {
  run(sql: string): Promise<unknown>
  prepare(sql: string): Promise<DuckStatement>
  closeSync(): void
}

/** The part of the package that is used here. It is loaded by its name, at the first query: it is large, and few need it. */
export interface DuckDb {
  readonly DuckDBInstance: {
    create(
      path: string,
      options: Readonly<Record<string, string>>
    ): Promise<{ connect(): Promise<DuckConnection>; closeSync(): void }>
  }
  readonly StatementType: { readonly SELECT: number; readonly EXPLAIN: number }
  readonly DuckDBTypeId: {
    readonly BIGINT: number
    readonly UBIGINT: number
    readonly HUGEINT: number
    readonly UHUGEINT: number
    readonly MAP: number
  }
}

const PACKAGE = '@duckdb/node-api'

/** The package. Throws `PACKAGE_MISSING` where it is not installed. */
export function duckDb(): DuckDb {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require(PACKAGE) as DuckDb
  } catch (cause) {
    throw new StreamerError('PACKAGE_MISSING', `SQL needs the package ${PACKAGE}.`, {
      at: 'Lake.query',
      hint: `Install it: npm install ${PACKAGE}. Everything but SQL works without it.`,
      cause,
    })
  }
}
