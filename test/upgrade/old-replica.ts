import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'

/** A statement as it was said, with the values of its parameters. */
export interface Said {
  /** Under which a connection prepares it once. */
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

/** Texts that stand for others in what was recorded. */
export const TEXTS = {
  handler: '<handler>',
  source: '<source>',
  id: '<id>',
  address: '<address>',
  key: '<key>',
  owner: '<owner>',
  cause: '<cause>',
  type: '<type>',
  entity: '<entity>',
  bytes: '<bytes>',
} as const

/** Numbers that stand for others. */
export const NUMBERS = { now: 1_000_000_000_000, lasts: 777, place: 424_242, attempts: 31, slot: 13 } as const

/** What stands for what. Bytes are what they stand for themselves. */
export type Meant = Partial<Record<keyof typeof TEXTS, string | Buffer>> & Partial<Record<keyof typeof NUMBERS, number>>

type Row = Record<string, unknown>

/** How an old replica is answered that claims an event. */
export type OldClaim = 'claimed' | 'behind' | 'elsewhere' | 'outcome' | 'finished'

/** A replica of an earlier version: it says to the database, word for word, what that version said. */
export class OldReplica {
  private readonly said: Readonly<Record<string, readonly Said[]>>

  public constructor(
    private readonly client: Client,
    private readonly owner: string
  ) {
    const path = join(__dirname, 'fixtures', 'statements.json')
    this.said = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Said[]>
  }

  /** Says what was recorded under a name, in one transaction. Resolves with the rows of each statement. */
  public async say(name: string, meant: Meant, part?: readonly [from: number, to?: number]): Promise<Row[][]> {
    const said = this.said[name].slice(...(part ?? [0]))
    await this.client.query('BEGIN')
    try {
      const rows: Row[][] = []
      for (const { name, text, values } of said) {
        const filled = values.map((value) => valueOf(value, { owner: this.owner, ...meant }))
        rows.push((await this.client.query({ name, text, values: filled })).rows as Row[])
      }
      await this.client.query('COMMIT')
      return rows
    } catch (error) {
      await this.client.query('ROLLBACK')
      throw error
    }
  }

  /** Says everything once, about nothing that is there, so that its connection has prepared all of it. */
  public async prepare(): Promise<void> {
    await this.client.query('BEGIN')
    for (const { name, text, values } of Object.values(this.said).flat()) {
      await this.client.query({ name, text, values: values.map((value) => valueOf(value, {})) })
    }
    await this.client.query('ROLLBACK')
  }

  /** Claims an event, and takes what it is answered as that version did. */
  public async claim(meant: Meant): Promise<OldClaim> {
    const [claimed, [{ parked }]] = await this.say('claim', meant, [0, 2])
    const isBehind = Boolean(parked)
    if (claimed.length === 1 && claimed[0].fresh === 1) return isBehind ? 'behind' : 'claimed'
    const [[row]] = await this.say('claim again', meant, [2, 3])
    if (row.state === 'finished') return 'finished'
    if (row.owner !== this.owner) return 'elsewhere'
    if (row.state === 'outcome') return 'outcome'
    return isBehind ? 'behind' : 'claimed'
  }
}

function valueOf(value: unknown, meant: Meant): unknown {
  if (typeof value === 'number') return numberOf(value, meant)
  if (typeof value !== 'string') return value
  const number = /^\d{13}$/.test(value) ? numberOf(Number(value), meant) : undefined
  if (number !== undefined) return number
  for (const [name, text] of Object.entries(TEXTS)) {
    const other = meant[name as keyof typeof TEXTS]
    if (other === undefined) continue
    if (value === text) return other
    if (typeof other === 'string' && value.includes(text)) return value.replaceAll(text, other)
  }
  return value
}

function numberOf(value: number, meant: Meant): number {
  const { now = NUMBERS.now, lasts = NUMBERS.lasts } = meant
  if (value === NUMBERS.now) return now
  if (value === NUMBERS.now + NUMBERS.lasts) return now + lasts
  for (const name of ['place', 'attempts', 'slot'] as const) if (value === NUMBERS[name]) return meant[name] ?? value
  return value
}
