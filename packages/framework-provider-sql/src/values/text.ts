/** A value as it is stored: JSON, a `Date` as ISO 8601 has it, a `bigint` by its digits as text. */
export function storedText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    // Asking about each value takes longer, and hardly any object has a bigint; what is wrong otherwise is wrong again.
    return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each))
  }
}

/** A value of a filter, or of a read model in memory, as it would come back from the store. */
export function asStored(value: unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(asStored)
  return value
}
