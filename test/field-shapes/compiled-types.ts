/** What the classes of shapes are made of that the compiler has to work out. */
export const COMPILED_TYPES = `declare const brand: unique symbol
export interface Def<V = Date> { readonly v: V }
export class DefClass<V = bigint, W = V[]> { readonly v!: V; readonly w!: W }
export type Nulled<T> = { readonly [K in keyof T]: T[K] | null }
export type Opt<T> = { readonly [K in keyof T]?: T[K] }
export type Getters<T> = { [K in keyof T as \`get\${Capitalize<string & K>}\`]: T[K] }
export type Without<T, K> = { [P in keyof T as P extends K ? never : P]: T[P] }
export enum Computed { a = 1 << 0, b = 1 << 1, c = a | b }
export enum Mixed { x = 'x', one = 1 }
export const enum NumConst { one = 1, two }
export interface Indexed { readonly [k: string]: Date | number }
export interface WithIndex { readonly id: string; readonly [k: string]: unknown }
export interface DateIndex { readonly id: Date; readonly [k: string]: Date }
export abstract class Base<T> { protected readonly inner!: T }
export class Money extends Base<bigint> { public readonly currency: string = 'EUR' }
export type DeepReadonly<T> = T extends Date | bigint | string | number | boolean | null | undefined ? T : T extends readonly (infer U)[] ? readonly DeepReadonly<U>[] : { readonly [K in keyof T]: DeepReadonly<T[K]> }
export type DeepPartial<T> = T extends Date ? T : T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T
export type Cond<T> = T extends Date ? { d: T } : { o: T }
export class CircleOf { readonly kind = 'circle'; readonly at!: Date }
export class SquareOf { readonly kind = 'square' as const; readonly n!: bigint }
export class Page<T> { readonly items!: T[]; readonly next?: T }
export class DatePage extends Page<Date> { readonly total!: number }
export class Two<A, B> { readonly a!: A; readonly b!: B }
export class Swapped<X, Y> extends Two<Y, X> {}
export interface IBox<T> { readonly t: T }
export interface IBoth<T> extends IBox<T[]> { readonly u: T }
export type LinkedList = { readonly v: Date; readonly next: LinkedList | null }
export interface MA { readonly b?: MB; readonly at: Date }
export interface MB { readonly a?: MA; readonly n: bigint }
export type DateTree = { readonly [k: string]: DateTree | Date }
export interface GTree<T> { readonly v: T; readonly kids: readonly GTree<T>[] }
export const DEFAULTS = { a: 1, b: 'x', list: [1, 2] } as const
export const LOOSE = { a: 1, at: new Date(0) }
export function make(): { at: Date; n: number } { return { at: new Date(), n: 1 } }
export interface Merged { readonly a: string }
export interface Merged { readonly b: Date }
export class Mixin { readonly a!: string }
export interface Mixin { readonly b: Date }
export namespace NS { export interface Foo { readonly at: Date } export class Bar { readonly n!: bigint } export enum E { a = 'a' } }
export class WithGetter { readonly a!: number; get total(): number { return this.a * 2 } }
export class WithPrivate { #secret = 1; private readonly p!: Date; protected q!: string; static s = 1; peek(): unknown { return [this.#secret, this.p, this.q] } }
export class JsonObj { readonly x = 1; toJSON(): { a: Date } { return { a: new Date() } } }
export class MyList extends Array<Date> {}
export type Xor = { readonly a: Date; readonly b?: never } | { readonly a?: never; readonly b: bigint }
export type Branded<T, B> = T & { readonly [brand]: B }
export type Cents = Branded<bigint, 'cents'>
export type Opaque<T> = T & { readonly __opaque?: never }
export type Result<T, E = string> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E }
export interface WithMethod { readonly at: Date; run(): void; readonly go: () => void }
`

/** Imports of it. */
export const COMPILED_IMPORTS = `import type { Other, Deep } from './other'
import * as other from './other'
import { Inner as Renamed, Kind as KindElsewhere } from './other'
import { LibClass, LibEnum } from 'shapes-lib'
import type { LibPoint, LibGeneric, LibUnion } from 'shapes-lib'
`

/** Other files, and a package that others have built. */
export const OTHER_FILES = {
  'src/other.ts': `export interface Other { readonly at: Date }
export type Deep = { readonly other: Other; readonly list: ReadonlyArray<{ readonly n: bigint }> }
export class Inner { readonly other!: bigint }
export enum Kind { one = 1, two = 2 }
export default class Unnamed { readonly d!: Date }
`,
  'node_modules/shapes-lib/package.json': `{"name":"shapes-lib","version":"1.0.0","main":"index.js","types":"index.d.ts"}`,
  'node_modules/shapes-lib/index.js': `class LibClass {}
exports.LibClass = LibClass
exports.LibEnum = { on: "on", off: "off", 1: "one", one: 1 }
`,
  'node_modules/shapes-lib/index.d.ts': `export interface LibPoint { readonly x: number; readonly at: Date }
export type LibGeneric<T> = { readonly held: T; readonly more?: T[] }
export type LibUnion = { readonly t: 'd'; readonly d: Date } | { readonly t: 'n'; readonly n: bigint }
export declare class LibClass { private hidden; readonly at: Date; private readonly n; get got(): number; static s: string; method(): void }
export declare enum LibEnum { on = "on", off = "off" }
`,
}
