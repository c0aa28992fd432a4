import { createFileRegistry, fromBinary } from '@bufbuild/protobuf'
import type { DescFile } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import type { DescriptorProto, FileDescriptorProto } from '@bufbuild/protobuf/wkt'
import { MAX_SCHEMA_CHARACTERS } from '../check-schema'
import type { ReferencedSchema } from '../registry/registry-client'
import { jsonName, parseProto } from './parse-proto'
import { addSymbols } from './symbols'
import type { Symbols } from './symbols'
import { WELL_KNOWN } from './well-known'
import { Misfit } from '../misfit'

const NAME = 'schema.proto'
/** A descriptor, as registries hand it out when they are asked for it. */
const BASE64 = /^[A-Za-z0-9+/\s]+=*\s*$/

/** A schema of the registry's, as text or as descriptor, with the files that it imports, each before its users. Throws where it cannot be used. */
export function protoFile(schema: string, references: readonly ReferencedSchema[] = []): DescFile {
  const files = new Map<string, FileDescriptorProto>([...WELL_KNOWN].map(([name, { proto }]) => [name, proto]))
  for (const { name, schema: text } of references) files.set(name, descriptorOf(text, name, files))
  const file = descriptorOf(schema, NAME, files)
  const made = createFileRegistry(file, (name) => files.get(name)).getFile(NAME)
  if (!made) throw new Misfit('it is no file')
  return made
}

function descriptorOf(
  schema: string,
  name: string,
  files: ReadonlyMap<string, FileDescriptorProto>
): FileDescriptorProto {
  if (schema.length > MAX_SCHEMA_CHARACTERS) throw new Misfit(`it has more than ${MAX_SCHEMA_CHARACTERS} characters`)
  const file = BASE64.test(schema) ? unpacked(schema, name) : parseProto(schema, name, symbolsOf(files))
  const missing = file.dependency.find((one) => !files.has(one))
  if (missing !== undefined) throw new Misfit(`it imports ${missing.slice(0, 200)}, which is not among its references`)
  return file
}

function symbolsOf(files: ReadonlyMap<string, FileDescriptorProto>): Symbols {
  const symbols: Symbols = new Map()
  for (const file of files.values()) addSymbols(symbols, file)
  return symbols
}

/** A descriptor that somebody made; names in JSON are said by protoc only. */
function unpacked(base64: string, name: string): FileDescriptorProto {
  const file = fromBinary(FileDescriptorProtoSchema, Buffer.from(base64, 'base64'))
  file.name = name
  file.messageType.forEach(nameFields)
  return file
}

function nameFields({ field, nestedType }: DescriptorProto): void {
  for (const one of field) if (one.jsonName === '') one.jsonName = jsonName(one.name)
  nestedType.forEach(nameFields)
}
