/** A name with its namespace in front, as Avro, Protobuf and Java have it. */
const QUALIFIED = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/

/** The type of events that a schema of this name is of: the last part of a qualified name; else the name, which in JSON Schema may be any text. */
export function typeNamed(name: string): string {
  return QUALIFIED.test(name) ? name.slice(name.lastIndexOf('.') + 1) : name
}
