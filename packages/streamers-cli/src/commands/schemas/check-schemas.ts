import pc from 'picocolors'
import { inspectService } from '../../inspect'
import type { InspectedService } from '../../inspect'
import { counted, json, print, printable } from '../../terminal/output'
import { withProgress } from '../../terminal/progress'
import { registryOptions } from '../../registry'
import {
  baselineSchemas,
  breaks,
  compareSchemas,
  extractSchemas,
  isRegistry,
  readersOf,
  registeredSchemas,
} from '../../schemas'
import type { Compared, Compatibility, SchemaChange, Subjects } from '../../schemas'

/** What schemas are compared with, and how changes are told. */
export interface SchemasOptions {
  readonly subjects: Subjects
  readonly namespace?: string
  /** Default: what each subject of a registry asks; elsewhere `full`. */
  readonly compatibility?: Compatibility
  readonly services: readonly string[]
  readonly json?: boolean
}

/** Tells of what has changed; resolves with how many changes break what is to be kept. */
export async function checkSchemas(folder: string, against: string, options: SchemasOptions): Promise<number> {
  const { services, json: asJson } = options
  const told = { unit: 'service', done: 'read', afterwards: 'Nothing was changed. Run it again.' }
  const compared = await withProgress(told, (progress) => {
    progress.at(`comparing the events of ${folder} with ${against}`)
    return comparedSchemas(folder, against, options)
  })
  const judged = judgedChanges(compared, options.compatibility)
  const inspected = services.map((service) => inspectService(service))
  if (!asJson) for (const one of compared) for (const line of subjectLines(one)) await print(line)
  for (const { change, broken } of judged) {
    if (asJson) await print(json({ ...change, broken, readers: readersOf(change, inspected) }))
    else for (const line of linesOf(change, broken, inspected)) await print(line)
  }
  const count = judged.filter(({ broken }) => broken).length
  const all = counted(judged.length, 'change')
  const broken = `${count} of ${all} ${count === 1 ? 'breaks' : 'break'} compatibility`
  if (!asJson) await print(count > 0 ? pc.red(broken) : `${all}, none breaks`)
  return count
}

/** A change, and whether it breaks what is to be kept. */
interface Judged {
  readonly change: SchemaChange
  readonly broken: boolean
}

/** Each change once, also where several versions or subjects have it. */
function judgedChanges(compared: readonly Compared[], asked: Compatibility | undefined): Judged[] {
  const judged = new Map<string, Judged>()
  for (const { before, after, kept } of compared) {
    for (const change of compareSchemas(before, after)) {
      const key = JSON.stringify(change)
      const mode = asked ?? kept
      const broken = (mode !== 'none' && breaks(change, mode)) || (judged.get(key)?.broken ?? false)
      judged.set(key, { change, broken })
    }
  }
  return [...judged.values()]
}

async function comparedSchemas(
  folder: string,
  against: string,
  { subjects, namespace }: SchemasOptions
): Promise<Compared[]> {
  const after = extractSchemas(folder)
  if (!isRegistry(against)) return [{ kept: 'full', before: await baselineSchemas(against, folder), after }]
  return registeredSchemas(after, { registry: registryOptions(against), subjects, namespace })
}

/** What a subject asks of its versions, since that decides what breaks. */
function subjectLines({ registered }: Compared): string[] {
  return registered ? [pc.dim(printable(`${registered.subject} v${registered.version}: ${registered.mode}`))] : []
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
