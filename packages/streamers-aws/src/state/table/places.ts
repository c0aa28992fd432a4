import type { DynamoTable } from './dynamo-table'

interface Wish {
  readonly count: number
  readonly given: (first: number) => void
  readonly refused: (error: unknown) => void
}

/** Counts places: a number is given once, and whoever asks later in this process is given later ones. */
export class Places {
  private wishes: Wish[] = []
  private asking?: Promise<void>

  public constructor(private readonly table: DynamoTable) {}

  /** The first of so many numbers in a row. What is asked for while an answer is awaited is asked for together. */
  public async reserve(count: number): Promise<number> {
    if (count === 0) return 0
    return new Promise((given, refused) => {
      this.wishes.push({ count, given, refused })
      this.asking ??= this.askOn().finally(() => (this.asking = undefined))
    })
  }

  private async askOn(): Promise<void> {
    await Promise.resolve()
    while (this.wishes.length > 0) {
      const wishes = this.wishes.splice(0)
      try {
        let first = await this.advance(wishes.reduce((sum, { count }) => sum + count, 0))
        for (const { count, given } of wishes) {
          given(first)
          first += count
        }
      } catch (error) {
        for (const { refused } of wishes) refused(error)
      }
    }
  }

  private async advance(count: number): Promise<number> {
    const { last } = await this.table.update(
      { pk: 'control', sk: 'places' },
      {
        UpdateExpression: 'ADD #last :count',
        ExpressionAttributeNames: { '#last': 'last' },
        ExpressionAttributeValues: { ':count': count },
        ReturnValues: 'UPDATED_NEW',
      }
    )
    return Number(last) - count + 1
  }
}
