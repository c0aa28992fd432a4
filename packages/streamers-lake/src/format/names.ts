const PROTO = /^%*__proto__$/
const ESCAPED = /^%+__proto__$/

type Texts = Readonly<Record<string, string | null>>

/** Texts by their names as a MAP column takes them. The reading library cannot give back one named `__proto__`: it gets a `%` in front. */
export function toMap(texts: Texts): Map<string, string | null> | null {
  const names = Object.keys(texts)
  if (names.length === 0) return null
  return new Map(names.map((name) => [PROTO.test(name) ? `%${name}` : name, texts[name]]))
}

/** The inverse of {@link toMap}. */
export function fromMap<T extends string | null = string>(map: unknown): Record<string, T> {
  const entries = Object.entries((map ?? {}) as Record<string, T>)
  return Object.fromEntries(entries.map(([name, text]) => [ESCAPED.test(name) ? name.slice(1) : name, text]))
}
