import type { AnyClass } from './class-metadata'
import type { Misfit } from './field-reader'
import { revive } from './revive'
import { schemaFilesOf } from './schema-file'
import { misfitOf } from './schema-misfit'
import { changedSources } from './stale-schema'
import { loadSchema, validatorOf } from './written-schema'
import type { WrittenSchema } from './written-schema'

/** Tells somebody who operates the service. */
export type Warn = (text: string) => void

/** What an event class's schema says, made when the class was built. */
export interface ClassSchema {
  /** What is wrong with the fields of an event; undefined: nothing. Nothing is changed in them. */
  misfit(fields: object): Misfit | undefined
  /** Gives an event, whose fields are valid, what its class says: a `Date`, a `bigint` and bytes. */
  revive(event: object): void
}

const loaded = new WeakMap<AnyClass, ClassSchema | undefined>()

/** The schema of a class, loaded when it is first asked for; undefined where none was written beside the module of the class. */
export function classSchemaOf(ofClass: AnyClass, warn: Warn): ClassSchema | undefined {
  if (loaded.has(ofClass)) return loaded.get(ofClass)
  const file = schemaFilesOf([ofClass]).get(ofClass)
  const schema = file === undefined ? undefined : opened(file, ofClass, warn)
  loaded.set(ofClass, schema)
  return schema
}

function opened(file: string, { name }: AnyClass, warn: Warn): ClassSchema | undefined {
  try {
    const written = loadSchema(file)
    if (written) {
      const [changed] = changedSources(file, written.sources)
      if (changed !== undefined) warn(`The schema of ${name} is older than ${changed}. ${REMEDY}`)
      return made(written)
    }
    warn(
      `The schema of ${name} was written by another version, so its fields are checked with the compiler's metadata. ${REMEDY}`
    )
  } catch (error) {
    warn(`The schema of ${name} cannot be loaded: ${(error as Error).message}. ${REMEDY}`)
  }
  return undefined
}

/** What makes schemas anew. */
const REMEDY = 'Run boost-streamers schemas.'

function made(written: WrittenSchema): ClassSchema {
  const names = new Set(written.names)
  const { plan, plans } = written
  const validate = validatorOf(written)
  return {
    misfit: (fields) => {
      if (validate(fields)) return undefined
      const { errors } = validate
      // Errors hold on to what they are about.
      validate.errors = null
      return misfitOf(errors ?? [], fields, names)
    },
    revive: (event) => {
      if (plan !== undefined) revive(event, plan, plans)
    },
  }
}
