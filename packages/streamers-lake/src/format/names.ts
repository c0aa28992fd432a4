const PROTO = /^%*__proto__$/
const ESCAPED = /^%+__proto__$/

type Texts = Readonly<Record<string, string | null>>

/** Texts by their names as a MAP column takes them. The reading library cannot give back one named `__proto__`: it gets a `%` in front. */
export function toMap(texts: Texts): Map<string, string | null> | null {
  const names = Object.keys(texts)
  if (names.length === 0) return null
  return new Map(names.map((name) => [PROTO.test(name) ? `%${name}` : name, texts[name]]))
}

/** The inverse of {@link toMap}: what the reading library gave, itself where no name was escaped. */
export function fromMap<T extends string | null = string>(map: unknown): Record<string, T> {
  const texts = (map ?? {}) as Record<string, T>
  const names = Object.keys(texts)
  if (!names.some((name) => ESCAPED.test(name))) return texts
  const own: Record<string, T> = {}
  for (const name of names) putText(own, ESCAPED.test(name) ? name.slice(1) : name, texts[name])
  return own
}

/** Sets a member of any name, also `__proto__`. */
export function putText<T>(texts: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__')
    Object.defineProperty(texts, name, { value, enumerable: true, configurable: true, writable: true })
  else texts[name] = value
}
