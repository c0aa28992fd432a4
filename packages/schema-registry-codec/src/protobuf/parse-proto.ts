import { create } from '@bufbuild/protobuf'
import {
  DescriptorProtoSchema,
  EnumDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as FieldType,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt'
import type {
  DescriptorProto,
  EnumDescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
} from '@bufbuild/protobuf/wkt'
import { Enum, MapField, Namespace, Root, Type, parse } from 'protobufjs'
import type { Field, NamespaceBase, ReflectionObject } from 'protobufjs'
import { addSymbols, joined, resolvedName } from './symbols'
import type { Symbols } from './symbols'
import { Misfit } from '../misfit'

const SCALARS: Readonly<Record<string, FieldType>> = {
  double: FieldType.DOUBLE,
  float: FieldType.FLOAT,
  int64: FieldType.INT64,
  uint64: FieldType.UINT64,
  int32: FieldType.INT32,
  fixed64: FieldType.FIXED64,
  fixed32: FieldType.FIXED32,
  bool: FieldType.BOOL,
  string: FieldType.STRING,
  bytes: FieldType.BYTES,
  uint32: FieldType.UINT32,
  sfixed32: FieldType.SFIXED32,
  sfixed64: FieldType.SFIXED64,
  sint32: FieldType.SINT32,
  sint64: FieldType.SINT64,
}

/** A field of a type that is known by its name only: which kind it is, is looked up when all names are known. */
type Named = FieldDescriptorProto & { readonly $typeName: string }

/**
 * A `.proto` file as its descriptor, as protoc makes it. `symbols`: the types of the files that it imports. Throws for text that is no proto file, and for
 * editions, which a registry hands out as descriptors.
 */
export function parseProto(text: string, name: string, symbols: Symbols): FileDescriptorProto {
  const root = new Root()
  const { package: at = '', imports = [], weakImports = [] } = parse(text, root, { keepCase: true })
  const content = (at === '' ? root : root.lookup(at)) as NamespaceBase | null
  const types = content?.nestedArray ?? []
  const syntax = syntaxOf(types)
  const file = create(FileDescriptorProtoSchema, {
    name,
    package: at,
    dependency: [...imports, ...weakImports],
    syntax,
    messageType: types.filter(isType).map(messageOf),
    enumType: types.filter(isEnum).map(enumOf),
  })
  const all: Symbols = new Map(symbols)
  addSymbols(all, file)
  for (const message of file.messageType) resolveIn(message, at, all)
  return file
}

function isType(one: ReflectionObject): one is Type {
  return one instanceof Type
}

function isEnum(one: ReflectionObject): one is Enum {
  return one instanceof Enum
}

function isMap(one: Field | MapField): one is MapField {
  return one instanceof MapField
}

function syntaxOf(types: readonly ReflectionObject[]): string {
  const [edition = 'proto3'] = types.flatMap((one) => (one as { _edition?: string | null })._edition ?? [])
  if (edition === 'proto2' || edition === 'proto3') return edition
  throw new Misfit(`it is of edition ${edition}, and the registry has it as text only`)
}

function messageOf(type: Type): DescriptorProto {
  const nested = type.nestedArray
  const oneofs = type.oneofsArray
  return create(DescriptorProtoSchema, {
    name: type.name,
    field: type.fieldsArray.filter(({ name }) => !name.startsWith('.')).map((field) => fieldOf(field, type)),
    nestedType: [
      ...nested.filter(isType).map(messageOf),
      ...(type.fieldsArray as (Field | MapField)[]).filter(isMap).map(entryOf),
    ],
    enumType: nested.filter(isEnum).map(enumOf),
    oneofDecl: oneofs.map((one) => ({ name: one.name })),
    extensionRange: (type.extensions ?? []).map((range) => {
      const [start, end] = range as number[]
      return { start, end: end + 1 }
    }),
  })
}

function fieldOf(field: Field, type: Type): FieldDescriptorProto {
  const options = (field.options ?? {}) as Readonly<Record<string, unknown>>
  const mapped = isMap(field)
  const one = type.oneofsArray.findIndex(({ oneof }) => oneof.includes(field.name))
  return create(FieldDescriptorProtoSchema, {
    name: field.name,
    number: field.id,
    label:
      mapped || field.rule === 'repeated'
        ? Label.REPEATED
        : field.rule === 'required'
          ? Label.REQUIRED
          : Label.OPTIONAL,
    ...(mapped ? { typeName: entryName(field.name) } : typeOf(field.type, type)),
    jsonName: typeof options.json_name === 'string' ? options.json_name : jsonName(field.name),
    proto3Optional: options.proto3_optional === true,
    ...(one < 0 ? {} : { oneofIndex: one }),
    ...(options.default === undefined ? {} : { defaultValue: String(options.default) }),
    ...(typeof options.packed === 'boolean' ? { options: { packed: options.packed } } : {}),
  })
}

function typeOf(name: string, within: NamespaceBase): { type?: FieldType; typeName?: string } {
  if (Object.hasOwn(SCALARS, name)) return { type: SCALARS[name] }
  const own = within.get(name)
  const isGroup = own instanceof Type && (own as { group?: boolean }).group === true
  return isGroup ? { type: FieldType.GROUP, typeName: name } : { typeName: name }
}

/** How a map is written: a list of messages with a key and a value. */
function entryOf(map: MapField): DescriptorProto {
  return create(DescriptorProtoSchema, {
    name: entryName(map.name),
    field: [entryPart('key', 1, map.keyType), entryPart('value', 2, map.type)],
    options: { mapEntry: true },
  })
}

function entryPart(name: string, number: number, type: string): FieldDescriptorProto {
  const typed = typeOf(type, new Namespace(''))
  return create(FieldDescriptorProtoSchema, { name, number, label: Label.OPTIONAL, jsonName: name, ...typed })
}

function enumOf({ name, values, options }: Enum): EnumDescriptorProto {
  return create(EnumDescriptorProtoSchema, {
    name,
    value: Object.entries(values).map(([one, number]) => ({ name: one, number })),
    ...(options?.allow_alias === true ? { options: { allowAlias: true } } : {}),
  })
}

function resolveIn(message: DescriptorProto, at: string, symbols: Symbols): void {
  const scope = joined(at, message.name)
  for (const field of message.field as Named[]) {
    if (field.typeName === '') continue
    const full = resolvedName(symbols, field.typeName, scope)
    field.typeName = `.${full}`
    if (field.type === FieldType.GROUP) continue
    field.type = symbols.get(full) === 'enum' ? FieldType.ENUM : FieldType.MESSAGE
  }
  for (const nested of message.nestedType) resolveIn(nested, scope, symbols)
}

function entryName(field: string): string {
  const camel = jsonName(field)
  return `${camel.charAt(0).toUpperCase()}${camel.slice(1)}Entry`
}

/** A field's name in JSON: https://protobuf.dev/programming-guides/json */
export function jsonName(name: string): string {
  return name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase())
}
