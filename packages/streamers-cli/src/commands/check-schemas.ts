import pc from 'picocolors'
import { inspectService } from '../inspect'
import type { InspectedService } from '../inspect'
import { json, print, printable } from '../output'
import { withProgress } from '../progress'
import { registryOptions } from '../registry'
import {
  baselineSchemas,
  breaks,
  compareSchemas,
  extractSchemas,
  isRegistry,
  readersOf,
  registeredSchemas,
} from '../schemas'
import type { Compatibility, EventSchema, SchemaChange, Subjects } from '../schemas'

/** What schemas are compared with, and how changes are told. */
export interface SchemasOptions {
  readonly subjects: Subjects
  readonly namespace?: string
  readonly compatibility: Compatibility
  readonly services: readonly string[]
  readonly json?: boolean
}

/** Tells of what has changed; resolves with how many changes break what is to be kept. */
export async function checkSchemas(folder: string, against: string, options: SchemasOptions): Promise<number> {
  const { compatibility, services, json: asJson } = options
  const told = { unit: 'service', done: 'read', afterwards: 'Nothing was changed. Run it again.' }
  const { before, after } = await withProgress(told, (progress) => {
    progress.at(`comparing the events of ${folder} with ${against}`)
    return comparedSchemas(folder, against, options)
  })
  const changes = compareSchemas(before, after)
  const inspected = services.map((service) => inspectService(service))
  for (const change of changes) {
    const broken = breaks(change, compatibility)
    if (asJson) await print(json({ ...change, broken, readers: readersOf(change, inspected) }))
    else for (const line of linesOf(change, broken, inspected)) await print(line)
  }
  const count = changes.filter((change) => breaks(change, compatibility)).length
  if (!asJson)
    await print(
      count > 0
        ? pc.red(`${count} of ${changes.length} changes break compatibility`)
        : `${changes.length} changes, none breaks`
    )
  return count
}

async function comparedSchemas(
  folder: string,
  against: string,
  { subjects, namespace }: SchemasOptions
): Promise<{ before: readonly EventSchema[]; after: readonly EventSchema[] }> {
  const after = extractSchemas(folder)
  if (!isRegistry(against)) return { before: await baselineSchemas(against, folder), after }
  return registeredSchemas(after, { registry: registryOptions(against), subjects, namespace })
}

function linesOf(change: SchemaChange, broken: boolean, services: readonly InspectedService[]): string[] {
  const { event, field, what, at, hint } = change
  const name = field === '' ? event : `${event}.${field}`
  const first = `${broken ? pc.red('✗') : pc.green('✓')} ${printable(`${name} ${what}  ${at}`)}`
  if (!broken) return [first]
  const readers = readersOf(change, services).map(
    ({ service, handler, at: place, certain }) =>
      `    ${certain ? 'read by' : 'handed on by'} ${printable(`${service}: ${handler}  ${place}`)}`
  )
  return [first, `    ${whom(change)}`, ...readers, `    ${printable(hint)}`]
}

function whom({ breaksBackward, breaksForward, waits }: SchemaChange): string {
  const old = 'new code can’t read events that were written before'
  const now = `services that are not updated yet ${waits ? 'park new events until they are' : 'can’t read new events'}`
  if (breaksBackward && breaksForward) return `${old}, and ${now}`
  return breaksBackward ? old : now
}
