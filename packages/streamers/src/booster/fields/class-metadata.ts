/** What Booster's compiler plugin (metadata-booster) keeps of a field's type. */
export interface FieldType {
  /** The type as it is written, without `undefined` and `null`. */
  readonly name: string
  readonly typeGroup: string
  readonly typeName?: string
  readonly isNullable: boolean
  readonly isGetAccessor?: boolean
  readonly parameters: readonly FieldType[]
  /** What goes by `typeName` where the class is: a class, an enum, or something else of that name. */
  readonly type?: unknown
}

/** A field of a class. */
export interface Field {
  /** As it is in an object. */
  readonly name: string
  readonly typeInfo: FieldType
}

interface ClassMetadata {
  readonly fields: readonly Field[]
}

/** A class of events, or of what their fields hold. */
export type AnyClass = abstract new (...args: never[]) => object

const TYPE_INFO = 'booster:typeinfo'

/** A class's fields and those it inherits, as its objects have them; none where it was compiled without Booster's plugin. */
export function fieldsOf(ofClass: AnyClass): readonly Field[] {
  const fields = new Map<string, Field>()
  for (const field of metadataOf(ofClass)?.fields ?? []) {
    const name = nameInObject(field.name)
    // Those of the base classes come first; what a class says again of a field is narrower.
    if (name !== undefined) fields.set(name, { name, typeInfo: field.typeInfo })
  }
  return [...fields.values()]
}

/** Whether the plugin has seen the class. */
export function isDescribed(ofClass: AnyClass): boolean {
  return metadataOf(ofClass) !== undefined
}

/** The plugin writes down with each class what it inherits; a class that it has not seen has what the next one above has. */
function metadataOf(ofClass: AnyClass): ClassMetadata | undefined {
  const { getMetadata } = Reflect as { getMetadata?: (key: string, target: object) => ClassMetadata | undefined }
  return getMetadata?.(TYPE_INFO, ofClass)
}

/** The plugin keeps a name as it is written: `'content-type'`, `#secret`, `[KEY]`. Undefined: not a field that an object is known to have. */
function nameInObject(written: string): string | undefined {
  if (/^(['"]).*\1$/s.test(written)) return unquoted(written.slice(1, -1))
  if (/^\d/.test(written)) return String(Number(written))
  return written.startsWith('#') || written.startsWith('[') ? undefined : written
}

function unquoted(text: string): string | undefined {
  return text.includes('\\') ? undefined : text
}
