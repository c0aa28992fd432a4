import type { Shape } from '@boostercloud/schema-registry-codec'
import { literal } from './literal'

/** How a field of the class shows a `long`. Inside of records, maps and unions it is always either. */
export type LongType = 'number' | 'bigint'

/** What types are written with. */
export interface TypeWriting {
  /** TypeScript names by full names of the schema. */
  readonly names: ReadonlyMap<string, string>
  /** Set where the service checks fields on arrival, and so knows which of both it is. */
  readonly long?: LongType
}

/** A shape as the TypeScript type of what the codec gives and takes. */
export function typeText(shape: Shape, writing: TypeWriting): string {
  const inner = { ...writing, long: undefined }
  switch (shape.kind) {
    case 'long':
      return writing.long ?? 'number | bigint'
    case 'bytes':
      return 'Uint8Array'
    case 'named':
      return writing.names.get(shape.name) ?? 'unknown'
    case 'list':
      return `readonly ${grouped(typeText(shape.of, writing))}[]`
    case 'map':
      return `{ readonly [key: string]: ${typeText(shape.of, inner)} }`
    case 'choice':
      return choiceText(shape, writing)
    case 'literals':
      return shape.of.map((one) => (typeof one === 'string' ? literal(one) : String(one))).join(' | ')
    default:
      return shape.kind
  }
}

/** What a reader of the type would not see from it: the logical type of a text, wherever it stands. */
export function meaningOf(shape: Shape): string | undefined {
  if (shape.kind === 'string') return shape.means
  if (shape.kind === 'list' || shape.kind === 'map') return meaningOf(shape.of)
  if (shape.kind === 'choice') return shape.branches.map(meaningOf).find((one) => one !== undefined)
  return undefined
}

/** Whether null is one of its values. */
export function isNullable(shape: Shape): boolean {
  if (shape.kind === 'literals') return shape.of.includes(null)
  return shape.kind === 'null' || (shape.kind === 'choice' && shape.branches.some(({ kind }) => kind === 'null'))
}

function choiceText({ branches, names }: Extract<Shape, { kind: 'choice' }>, writing: TypeWriting): string {
  const others = branches.filter(({ kind }) => kind !== 'null')
  const isMaybe = !names && others.length === 1 && others.length < branches.length
  const inner = isMaybe ? writing : { ...writing, long: undefined }
  const texts = branches.map((branch, index) => {
    const text = typeText(branch, inner)
    return names && branch.kind !== 'null' ? `{ readonly ${literal(names[index])}: ${text} }` : text
  })
  return [...texts.filter((text) => text !== 'null'), ...texts.filter((text) => text === 'null')].join(' | ')
}

function grouped(text: string): string {
  return /[ |]/.test(text) ? `(${text})` : text
}
