/** What the classes are made of. */
export const PREAMBLE = `import { UUID } from '@boostercloud/framework-types'

export class OrderId extends UUID {}
export interface Names extends Array<string> {}
export interface Point { readonly x: number; readonly y?: number }
export interface Tree { readonly name: string; readonly children: readonly Tree[] }
export type Alias = { readonly a: number }
export type Text = string
export type Either = { readonly kind: 'a'; readonly a: number } | { readonly kind: 'b'; readonly b: string }
export type Timed = { readonly kind: 'at'; readonly at: Date } | { readonly kind: 'text'; readonly at: string }
export interface Branch { readonly at: Date; readonly next?: Branch }
export type Maybe<V> = V | null
export interface Box<V> { readonly held: V }
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
export const COLOURS = ['red', 'green'] as const
export type Colour = (typeof COLOURS)[number]
export interface Stamp extends Date {}
export enum Size { small = 'small', big = 'big' }
export enum Level { low, high }
export const enum Fixed { one = 'one' }
export class Inner { public constructor(readonly n: number, readonly at: Date) {} public twice(): number { return this.n * 2 } }
export class Node { public constructor(readonly name: string, readonly next?: Node) {} }
export class Temperature {
  public constructor(readonly celsius: number) {}
  public toJSON(): string { return String(this.celsius) + '°C' }
}
export class Amounts { public constructor(readonly cents: bigint) {} }
export class Generic<V> { public constructor(readonly held: V) {} }
export class Wide { public readonly value!: string | number }
export class Of<V> { public readonly value!: V }
`
