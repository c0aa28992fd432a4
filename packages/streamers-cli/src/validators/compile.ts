import { Ajv, Name, _ } from 'ajv'
import type { CodeKeywordDefinition } from 'ajv'
import standaloneCode from 'ajv/dist/standalone'
import type { FieldSchema } from '../schemas'
import { decodedForm } from './decoded-form'

/** The functions by which the generated code judges what is no JSON; whoever loads it passes them. */
export const JUDGES = ['isInstant', 'isBigInt', 'isBytes'] as const

const JUDGE_OF: Readonly<Record<string, (typeof JUDGES)[number]>> = {
  Date: 'isInstant',
  bigint: 'isBigInt',
  bytes: 'isBytes',
}

const DECODED: CodeKeywordDefinition = {
  keyword: 'decoded',
  schemaType: 'string',
  code: (context) => context.fail(_`!${new Name(JUDGE_OF[context.schema as string])}(${context.data})`),
}

/**
 * The code of a function that validates an event's fields, as statements that end with assigning it to `module.exports`. It needs the judges and nothing else: neither
 * ajv nor any other module. It changes nothing in what it is given.
 */
export function validatorCode(schema: FieldSchema): string {
  const ajv = new Ajv({
    strict: false,
    strictNumbers: true,
    ownProperties: true,
    // With the part of the schema, and so with its words, in each error.
    verbose: true,
    messages: false,
    // Comparing at run time, as a loop does, would need a module of ajv's.
    loopEnum: Infinity,
    code: { source: true },
  })
  ajv.addKeyword(DECODED)
  const code = standaloneCode(ajv, ajv.compile(decodedForm(schema)))
  if (code.includes('require(')) throw new Error('the validator would need a module at run time')
  return code
}
