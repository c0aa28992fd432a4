import type { AnyClass } from './class-metadata'

type Fields = Readonly<Record<string, unknown>>

/**
 * An object of a class with these fields. The constructor is called without arguments, as Booster calls it, so that what it gives a field by itself is there
 * where nothing came. Where it cannot be (it looks at its arguments, or freezes what it has made), the object is made without it.
 *
 * A field for which the class has a getter only is left out: the class works it out.
 */
export function buildInstance<T extends object>(ofClass: abstract new (...args: never[]) => T, fields: object): T {
  const built = constructed(ofClass)
  if (built) {
    try {
      return assigned(built, fields as Fields)
    } catch {
      // A field is not to be written, or its setter refuses what comes of no arguments.
    }
  }
  return assigned(Object.create(ofClass.prototype as object) as T, fields as Fields)
}

function constructed<T extends object>(ofClass: abstract new (...args: never[]) => T): T | undefined {
  try {
    const built = new (ofClass as unknown as new () => T)()
    return Object.isExtensible(built) ? built : undefined
  } catch {
    return undefined
  }
}

function assigned<T extends object>(instance: T, fields: Fields): T {
  for (const name of Object.keys(fields)) {
    if (name === '__proto__' || isGetterOnly(instance, name)) continue
    ;(instance as Record<string, unknown>)[name] = fields[name]
  }
  return instance
}

function isGetterOnly(instance: object, name: string): boolean {
  if (Object.hasOwn(instance, name) || !(name in instance)) return false
  const accessor = accessorOf(instance, name)
  return accessor?.get !== undefined && accessor.set === undefined
}

/** Whether a class works a field out, or does something with it: no value of its objects' own. */
export function hasAccessor({ prototype }: AnyClass, name: string): boolean {
  return name in (prototype as object) && accessorOf(prototype as object, name) !== undefined
}

function accessorOf(object: object, name: string): PropertyDescriptor | undefined {
  for (let one: object | null = object; one !== null; one = Object.getPrototypeOf(one) as object | null) {
    const found = Object.getOwnPropertyDescriptor(one, name)
    if (found) return found.get || found.set ? found : undefined
  }
  return undefined
}
