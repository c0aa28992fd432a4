import { inspect } from 'node:util'
import * as v from 'valibot'
import { StreamerError } from '../contract'
import { didYouMean } from './nearest-name'
import { isObject, objectOf } from './option'
import type { Option, OptionSchema, SettingsOf } from './option'

/**
 * One thing that is wrong with options.
 * @public
 */
export interface OptionProblem {
  /** The option, with the groups that it is in: `consumer.pollWaitMs`. */
  readonly at: string
  /** What is wrong with it: `is missing`. */
  readonly what: string
  /** What to do about it. */
  readonly hint: string
}

/**
 * Options, checked and completed with their defaults; the user's objects and lists are copied. `owner`: whose options they are, as
 * `KafkaStreamer`. Throws `OPTION_INVALID` with all that is wrong; a secret is never shown.
 * @public
 */
export function settingsOf<S extends OptionSchema>(owner: string, schema: S, options: unknown): SettingsOf<S> {
  const given = options === undefined ? {} : options
  if (!isObject(given)) {
    throw new StreamerError('OPTION_INVALID', `${owner} was given ${shown(given)} for its options.`, {
      at: Object.keys(schema).find((name) => schema[name].traits.isRequired) ?? owner,
      hint: `Give it an object; its options are ${Object.keys(schema).join(', ')}.`,
    })
  }
  const { success, output, issues } = v.safeParse(objectOf(schema, 'an object'), given)
  if (!success)
    throw optionError(
      owner,
      issues.flatMap((issue) => problemsOf(issue, schema))
    )
  return output as SettingsOf<S>
}

/**
 * What an owner throws about its options; `problems` has one at least.
 * @public
 */
export function optionError(owner: string, problems: readonly OptionProblem[]): StreamerError {
  const [{ at, what, hint }] = problems
  if (problems.length === 1) {
    return new StreamerError('OPTION_INVALID', `${owner}'s option '${at}' ${what}.`, { at, hint })
  }
  const all = problems.map((problem) => `'${problem.at}' ${problem.what}`).join(', ')
  return new StreamerError('OPTION_INVALID', `${owner}'s options are not valid: ${all}.`, {
    at,
    hint: problems.map((problem) => `${problem.at}: ${problem.hint}`).join(' '),
  })
}

/** An option whose value is not what it takes. */
function wrongValue(at: string, value: unknown, words: string, isSecret = false): OptionProblem {
  return { at, what: `is ${isSecret ? 'not well-formed' : shown(value)}`, hint: `Give it ${words}.` }
}

/** The library names the first unknown option of an object only. */
function problemsOf(issue: v.BaseIssue<unknown>, schema: OptionSchema): OptionProblem[] {
  const path = issue.path?.map(({ key }) => String(key)) ?? []
  const name = path[path.length - 1]
  const parents = path.slice(0, -1)
  const { members, isSecret } = walked(schema, parents)
  const at = path.join('.')
  const one: Option | undefined = Object.hasOwn(members, name) ? members[name] : undefined
  if (one === undefined) {
    const within = issue.path?.[path.length - 1].input as object
    const unknown = Object.keys(within).filter((key) => !Object.hasOwn(members, key))
    const known = Object.keys(members)
    return unknown.map((key) => {
      const where = [...parents, key].join('.')
      return { at: where, what: 'is unknown', hint: `${didYouMean(key, known)}Known are ${known.join(', ')}.` }
    })
  }
  const { words, isRequired } = one.traits
  if (issue.input === undefined && isRequired) {
    return [{ at, what: 'is missing', hint: `Give it ${words}.` }]
  }
  return [wrongValue(at, issue.input, words, isSecret || one.traits.isSecret)]
}

/** The options of the object at a path, and whether it is within a secret. */
function walked(schema: OptionSchema, path: readonly string[]): { members: OptionSchema; isSecret: boolean } {
  let members = schema
  let isSecret = false
  for (let at = 0; at < path.length; at += 1) {
    const { traits } = members[path[at]]
    isSecret ||= traits.isSecret === true
    if (traits.each) at += 1
    members = traits.each ?? traits.members ?? {}
  }
  return { members, isSecret }
}

function shown(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Infinity, maxStringLength: 100, maxArrayLength: 5 })
}
