import type { DescriptorProto, FileDescriptorProto } from '@bufbuild/protobuf/wkt'
import { Misfit } from '../misfit'

/** What a name of a type stands for. */
type SymbolKind = 'message' | 'enum'
export type Symbols = Map<string, SymbolKind>

/** Adds the types of a file, by their full names. */
export function addSymbols(symbols: Symbols, { package: at, messageType, enumType }: FileDescriptorProto): void {
  for (const { name } of enumType) symbols.set(joined(at, name), 'enum')
  for (const message of messageType) addMessage(symbols, at, message)
}

/**
 * A type's full name as its use has it: from the innermost scope outwards, https://protobuf.dev/programming-guides/proto3/#name-resolution. Throws for one
 * that is nowhere.
 */
export function resolvedName(symbols: Symbols, name: string, scope: string): string {
  if (name.startsWith('.')) return known(symbols, name.slice(1), name)
  for (let at = scope; ; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    if (symbols.has(joined(at, name))) return joined(at, name)
    if (at === '') return known(symbols, name, name)
  }
}

/** A name in a scope. */
export function joined(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`
}

function known(symbols: Symbols, full: string, name: string): string {
  if (symbols.has(full)) return full
  throw new Misfit(`there is no type ${name.slice(0, 200)}`)
}

function addMessage(symbols: Symbols, at: string, { name, nestedType, enumType }: DescriptorProto): void {
  const full = joined(at, name)
  symbols.set(full, 'message')
  for (const one of enumType) symbols.set(joined(full, one.name), 'enum')
  for (const one of nestedType) addMessage(symbols, full, one)
}
