import { StreamerError } from '@boostercloud/streamer-connector'
import { literal } from './literal'

/** Words that no type may be called: those of the language, and those that a generated file uses itself. */
const RESERVED = new Set(
  [
    'break case catch class const continue debugger default delete do else enum export extends false finally for function if',
    'import in instanceof new null return super switch this throw true try typeof var void while with',
    'implements interface let package private protected public static yield await async of as any unknown never object',
    'boolean number string symbol bigint undefined abstract declare type namespace module require global globalThis',
    'infer is keyof readonly unique asserts override out satisfies accessor using get set arguments eval',
    'Object String UUID Omit Uint8Array Reflect exports',
  ]
    .join(' ')
    .split(' ')
)

/** What Avro and Protobuf call a name, and so does TypeScript. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** The last part of a full name. */
function lastPart(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1)
}

/** The name of an event's class: its record's, because that is how the wire calls it. Throws `OPTION_INVALID` where that cannot be. */
export function className(fullName: string): string {
  const name = lastPart(fullName)
  if (NAME.test(name) && !RESERVED.has(name)) return name
  throw cannot(`A class cannot be called '${name}'`, fullName)
}

/** A name for each of these other than those taken: the last part, or all of them where that is taken or reserved. */
export function typeNames(fullNames: readonly string[], taken: readonly string[]): ReadonlyMap<string, string> {
  const used = new Set(taken)
  const names = new Map<string, string>()
  for (const fullName of fullNames) {
    const parts = fullName.split('.').map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    const isFree = (name: string): boolean => NAME.test(name) && !RESERVED.has(name) && !used.has(name)
    let name = [lastPart(fullName), parts.join('')].find(isFree)
    for (let number = 2; name === undefined; number += 1) name = [`${parts.join('')}${number}`].find(isFree)
    used.add(name)
    names.set(fullName, name)
  }
  return names
}

/** Checks that a class can have a field of this name: it is data, and may be any text but what objects and events have themselves. Throws `OPTION_INVALID`. */
export function checkField(name: string, ofClass: string): void {
  if (!(name in {}) && name !== 'entityID') return
  throw cannot(`A class cannot have a field called '${name}'`, ofClass)
}

/** A field in a declaration: in quotes where it is no name. */
export function fieldName(name: string): string {
  return NAME.test(name) ? name : literal(name)
}

/** A field of an object: `this.postId`, `this['post-id']`. */
export function fieldOf(object: string, name: string): string {
  return NAME.test(name) ? `${object}.${name}` : `${object}[${literal(name)}]`
}

/** A class's file: `PostCreated` → `post-created.ts`. */
export function fileName(ofClass: string): string {
  const words = ofClass.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
  return `${words.toLowerCase()}.ts`
}

function cannot(what: string, at: string): StreamerError {
  return new StreamerError('OPTION_INVALID', `${what}.`, {
    at,
    hint: 'Handle the events of this address without eventType, as they arrived.',
  })
}
