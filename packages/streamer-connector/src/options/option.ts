import * as v from 'valibot'
import type { CredentialsProvider } from '../contract'
import type { Codec } from '../envelope'

/**
 * The options of something, by their names.
 * @public
 */
export type OptionSchema = Readonly<Record<string, Option>>

/**
 * A schema that has every option of `O`, each with a value of its type.
 * @public
 */
export type SchemaOf<O> = { readonly [K in keyof O]-?: Option<O[K]> }

/**
 * What an option's value is.
 * @public
 */
export type OptionValue<O> = O extends Option<infer T> ? T : never

/**
 * What a schema makes of options: each of its names with its value or its default; without either it is left out.
 * @public
 */
export type SettingsOf<S> = {
  readonly [K in keyof S as undefined extends OptionValue<S[K]> ? never : K]: OptionValue<S[K]>
} & { readonly [K in keyof S as undefined extends OptionValue<S[K]> ? K : never]?: OptionValue<S[K]> }

/**
 * What is known of an option besides how it is checked.
 * @public
 */
export interface OptionTraits {
  /** What it takes. */
  readonly words: string
  readonly isRequired?: boolean
  readonly isSecret?: boolean
  /** The options of an object that is one option. */
  readonly members?: OptionSchema
  /** The options of each of its values, where its names are the user's. */
  readonly each?: OptionSchema
}

/**
 * What one option takes. Absent and `undefined` are the same.
 * @public
 */
export class Option<T = unknown> {
  /** Only a type; never set. */
  declare public readonly value?: T

  /** @internal `check`: a schema of the validation library. */
  public constructor(
    public readonly check: unknown,
    public readonly traits: OptionTraits
  ) {}

  /** With a default. */
  public or<D extends Exclude<T, undefined>>(value: D): Option<Exclude<T, undefined>> {
    return new Option(v.optional(this.check as v.GenericSchema, value), this.traits)
  }

  /** One that must be given. */
  public get required(): Option<Exclude<T, undefined>> {
    return new Option(this.check, { ...this.traits, isRequired: true })
  }

  /** One whose value is shown in no error. */
  public get secret(): Option<T> {
    return new Option(this.check, { ...this.traits, isSecret: true })
  }
}

/**
 * The kinds of options. Each says in words what it takes, for errors.
 * @public
 */
export const option = {
  /** What passes a test. */
  of: <T>(words: string, isValid: (value: unknown) => boolean): Option<T | undefined> =>
    new Option(v.custom(isValid, words), { words }),

  /** A text of a form. */
  matching: (words: string, form: RegExp): Option<string | undefined> =>
    checked(words, v.pipe(v.string(), v.regex(form))),

  /** One of some texts. */
  oneOf: <const T extends readonly string[]>(...values: T): Option<T[number] | undefined> =>
    checked(values.map((value) => `'${value}'`).join(' or '), v.picklist(values)),

  /** A whole number, both ends included. `of`: its unit. */
  whole: (least: number, most: number, of?: string): Option<number | undefined> =>
    checked(
      `a whole number${of === undefined ? '' : ` of ${of}`} from ${least} to ${most}`,
      v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most))
    ),

  /** A whole number of milliseconds, both ends included. */
  milliseconds: (least: number, most: number): Option<number | undefined> => option.whole(least, most, 'milliseconds'),

  /** A list that is not empty; it is copied. */
  list: <T>(words: string, isValid: (value: unknown) => boolean): Option<readonly T[] | undefined> => {
    const list = v.pipe(v.array(v.custom<T>(isValid)), v.nonEmpty())
    return new Option(
      v.pipe(
        v.custom<T[]>((value) => v.is(list, value), words),
        v.transform((value) => [...value])
      ),
      {
        words,
      }
    )
  },

  /** An object with options of its own. Default: all of their defaults. */
  group: <S extends OptionSchema>(members: S): Option<SettingsOf<S>> => {
    const { check, traits } = option.groupOrNone(members)
    return new Option(v.optional(check as v.GenericSchema, {}), traits)
  },

  /** The same, for an object whose absence says something. */
  groupOrNone: <S extends OptionSchema>(members: S): Option<SettingsOf<S> | undefined> => {
    const words = `an object with some of ${Object.keys(members).join(', ')}`
    return new Option(objectOf(members, words), { words, members })
  },

  /** An object by names of the user's, as topics; each of its values has these options. Default: none. */
  each: <S extends OptionSchema>(
    members: S,
    words = 'an object of objects, by the names of topics',
    isName: (name: string) => boolean = (name) => name !== ''
  ): Option<Readonly<Record<string, SettingsOf<S>>>> =>
    new Option(v.optional(byNames(members, words, isName), {}), { words, each: members }),

  /** A text that is not empty. */
  text: checked<string>('a text that is not empty', v.custom(isText)),

  /** True or false. */
  flag: checked<boolean>('true or false', v.boolean()),

  /** A function that returns the credentials for the next connection. No error shows what is given in its place: it may be the credentials. */
  credentials: checked<CredentialsProvider>(
    'a function that returns { username, password }',
    v.custom((value) => typeof value === 'function')
  ).secret,

  /** Bytes ↔ event. */
  codec: checked<Codec>('a codec, as cloudEvents or json', v.custom(isCodec)),
} as const

/** @internal What checks an object of options. Its issues have the words of the options, and the path to each. */
export function objectOf(members: OptionSchema, words: string): v.GenericSchema<unknown, Record<string, unknown>> {
  const entries = Object.entries(members).map(([name, { check, traits }]) => {
    const schema = check as v.GenericSchema
    return [name, traits.isRequired || schema.type === 'optional' ? schema : v.optional(schema)] as const
  })
  return v.pipe(
    v.custom<Record<string, unknown>>(isObject, words),
    v.transform(withoutUndefined),
    v.strictObject(Object.fromEntries(entries))
  )
}

function withoutUndefined(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/**
 * Whether a value is an object that is no list.
 * @internal
 */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Whether a value is a text that is not empty.
 * @internal
 */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/**
 * Whether a value is an object with some of these members and no others, each of which passes its test or is `undefined`.
 * @internal
 */
export function hasOnly(value: unknown, members: Readonly<Record<string, (member: unknown) => boolean>>): boolean {
  if (!isObject(value)) return false
  return Object.entries(value).every(
    ([name, member]) => Object.hasOwn(members, name) && (member === undefined || members[name](member))
  )
}

function checked<T>(words: string, schema: v.GenericSchema): Option<T | undefined> {
  return new Option(
    v.custom((value) => v.is(schema, value), words),
    { words }
  )
}

/** The library's own records leave names out that every object has, as `constructor`. */
function byNames(members: OptionSchema, words: string, isName: (name: string) => boolean): v.GenericSchema {
  const member = objectOf(members, words)
  const areNamed = (value: unknown): boolean =>
    isObject(value) && Object.entries(value).every(([name, own]) => isName(name) && isObject(own))
  return v.pipe(
    v.custom<Record<string, unknown>>(areNamed, words),
    v.rawTransform(({ dataset: { value: input }, addIssue }) => {
      const entries = Object.entries(input).map(([key, own]) => {
        const { output, issues = [] } = v.safeParse(member, own)
        for (const { message, input: found, expected, path = [] } of issues) {
          const item = { type: 'object', origin: 'value', input, key, value: own } as const
          addIssue({ message, input: found, expected: expected ?? undefined, path: [item, ...path] })
        }
        return [key, output]
      })
      return Object.fromEntries(entries) as unknown
    })
  )
}

function isCodec(value: unknown): boolean {
  const codec = value as Partial<Codec> | null | undefined
  return typeof codec?.encode === 'function' && typeof codec.decode === 'function'
}
