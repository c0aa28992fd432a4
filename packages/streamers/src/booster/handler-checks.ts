import type { BoosterConfig } from '@boostercloud/framework-types'
import type { HandlerDeclaration } from '../declare'
import { isDescribed } from './fields/class-metadata'
import { topologyOfApp } from './install'
import { schemaFilesOf } from './fields/schema-file'
import { changedSourcesOf } from './fields/stale-schema'
import type { KnownHashes } from './fields/stale-schema'

/**
 * What decides which events a handler takes. `schema`: the JSON Schema that `boost-streamers schemas` has written for the class. `metadata`: what Booster's compiler plugin says of
 * the class. `none`: every event is taken, because the handler names no class, says `checkFields: false`, or nothing is known of its class.
 * @experimental
 */
export type CheckedBy = 'schema' | 'metadata' | 'none'

/**
 * How the events of a link are checked before its handler is called.
 * @experimental
 */
export interface HandlerCheck {
  /** With its topic. */
  readonly address: string
  /** The handler's name: its class's, unless it says another. */
  readonly handler: string
  /** The event class's name; undefined: every event of the address. */
  readonly typeName?: string
  readonly checkedBy: CheckedBy
  /** The module with the class's schema and validator; undefined where none was written. */
  readonly schemaFile?: string
  /** Sources that have changed since the schema was written; empty where they have not, or are not on this machine. */
  readonly changedSources: readonly string[]
}

/**
 * How the events of each link of an app that is loaded in this process are checked; nothing is started, and no validator is loaded.
 * @experimental
 */
export function handlerChecks(config: BoosterConfig): HandlerCheck[] {
  const links = [...(topologyOfApp(config)?.received.values() ?? [])].flat()
  const schemaFiles = schemaFilesOf(links.flatMap(({ declaration }) => checkedClassOf(declaration) ?? []))
  const known: KnownHashes = new Map()
  return links.map(({ address, handler, typeName, declaration }) => {
    const eventClass = checkedClassOf(declaration)
    const schemaFile = eventClass && schemaFiles.get(eventClass)
    const changedSources = schemaFile === undefined ? [] : changedSourcesOf(schemaFile, known)
    const other = eventClass && isDescribed(eventClass) ? 'metadata' : 'none'
    return { address, handler, typeName, checkedBy: schemaFile ? 'schema' : other, schemaFile, changedSources }
  })
}

/** The class by which a handler's events are checked. */
function checkedClassOf({ eventClass, options }: HandlerDeclaration): HandlerDeclaration['eventClass'] {
  return options.checkFields === false ? undefined : eventClass
}
