/** A value of JSON for a validator that knows numbers only; the same where it has no bigint. */
export function withoutBigints(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return changed(value, value.map(withoutBigints))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const inner = entries.map(([, one]) => withoutBigints(one))
  if (entries.every(([, one], index) => one === inner[index])) return value
  return Object.fromEntries(entries.map(([name], index) => [name, inner[index]]))
}

function changed(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return before.every((one, index) => one === after[index]) ? before : after
}
