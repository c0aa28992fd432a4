import type { BaseType } from 'ts-json-schema-generator'
import type * as ts from 'typescript'

/** Reads the compiler's types as types of JSON Schema. */
export interface Reading {
  readonly checker: ts.TypeChecker
  /** The class that is read; the compiler asks for a place where types are looked at from. */
  readonly at: ts.Node
  /** `written`: where its text is, for the order of its members. */
  read(type: ts.Type, written?: ts.Node): BaseType
  /** One of several. */
  readUnion(types: readonly ts.Type[], written?: ts.Node): BaseType
  /** A name for a type, which no other type of this schema has. */
  nameOf(type: ts.Type): string
}
