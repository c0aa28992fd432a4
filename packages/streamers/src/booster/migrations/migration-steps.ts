import type { Class } from '@boostercloud/framework-types'
import { StreamerError } from '@boostercloud/streamer-connector'
import { fieldsOf } from '../fields/class-metadata'
import type { MigrationStep } from '../compatibility'
import { areRelated } from './related-classes'

type AnyClass = Class<unknown>

/**
 * Checks that migrations lead from the first version of an event to its class, each from where the one before ends. Throws `MIGRATION_GAP` for
 * the first that does not: an event of that version would reach its handler as something that its class is not.
 */
export function checkSteps(eventClass: AnyClass, steps: ReadonlyMap<number, MigrationStep>): void {
  const inOrder = [...steps].sort(([one], [other]) => one - other)
  let before: AnyClass | undefined
  inOrder.forEach(([version, step], index) => {
    if (version !== index + 2) throw missing(eventClass, index + 2, version, step)
    if (before && !areAlike(before, step.fromSchema)) throw apart(eventClass, version, before, step)
    before = step.toSchema
  })
  const [version, last] = inOrder[inOrder.length - 1]
  if (!areAlike(last.toSchema, eventClass)) throw unfinished(eventClass, version, last)
}

/** Whether one stands for the other: the same event, or a class with the same fields. What the compiler has kept nothing of is taken as it is. */
function areAlike(one: AnyClass, other: AnyClass): boolean {
  if (areRelated(one, other)) return true
  const [fields, others] = [shapeOf(one), shapeOf(other)]
  return fields.length === 0 || others.length === 0 || fields.join() === others.join()
}

function shapeOf(ofClass: AnyClass): string[] {
  return fieldsOf(ofClass as Class<object>)
    .filter(({ typeInfo }) => !typeInfo.isGetAccessor)
    .map(({ name, typeInfo }) => JSON.stringify([name, typeInfo.name]))
    .sort()
}

function missing({ name }: AnyClass, version: number, found: number, step: MigrationStep): StreamerError {
  const what = `${name} has a migration to version ${found}, but none to version ${version}.`
  return gap(what, step, `Write the one with @ToVersion(${version}, …), or give this one that version.`)
}

function apart({ name }: AnyClass, version: number, before: AnyClass, step: MigrationStep): StreamerError {
  const what = `The migration of ${name} to version ${version} begins with ${step.fromSchema.name}, and the one before ends with ${before.name}.`
  return gap(what, step, `Give it ${before.name} as fromSchema, or write the migration between them.`)
}

function unfinished({ name }: AnyClass, version: number, step: MigrationStep): StreamerError {
  const what = `The last migration of ${name}, to version ${version}, ends with ${step.toSchema.name}, which has other fields than ${name}.`
  return gap(what, step, `Write the one with @ToVersion(${version + 1}, …) that ends with ${name}.`)
}

function gap(what: string, { migrationClass, methodName }: MigrationStep, hint: string): StreamerError {
  return new StreamerError('MIGRATION_GAP', what, { at: `class ${migrationClass.name}, ${methodName}`, hint })
}
