/**
 * Sets a member by a name that comes from outside, which may be `__proto__`: to an assignment, that is no name as others.
 * @experimental
 */
export function setOwn<T>(record: Record<string, T>, name: string, value: T): void {
  if (name !== '__proto__') record[name] = value
  else Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true })
}
