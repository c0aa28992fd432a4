type Fields = Record<string, unknown>

/** Only those fields of a read model, given as `owner.name`, `tags[]` or `parts[].sku`; what is not there is left out. */
export function selected(readModel: object, paths: readonly string[]): object {
  const found: Fields = {}
  for (const path of paths) pick(readModel as Fields, path.split('.'), found)
  return found
}

function pick(from: Fields, [first, ...rest]: readonly string[], into: Fields): void {
  const isList = first.endsWith('[]')
  const name = isList ? first.slice(0, -2) : first
  const value = ownOf(from, name)
  if (value === undefined || (isList && !Array.isArray(value))) return
  if (rest.length === 0 || value === null) setOwn(into, name, value)
  else if (isFields(value)) setOwn(into, name, within(value, rest, ownOf(into, name)))
}

/** The fields of an object, or of each object in a list, together with those picked before. */
function within(value: Fields | readonly unknown[], path: readonly string[], picked: unknown): unknown {
  if (!Array.isArray(value)) {
    const into = (picked ?? {}) as Fields
    pick(value as Fields, path, into)
    return into
  }
  const each = (picked ?? value.map(() => ({}))) as Fields[]
  value.forEach((one, index) => isFields(one) && pick(one, path, each[index]))
  return each
}

function ownOf(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** Also where it is called `__proto__`. */
function setOwn(into: Fields, name: string, value: unknown): void {
  Object.defineProperty(into, name, { value, configurable: true, enumerable: true, writable: true })
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}
