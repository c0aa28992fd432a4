import type { BoosterConfig, Class } from '@boostercloud/framework-types'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { Declarations, HandlerDeclaration } from '../declare'

type AnyClass = Class<unknown>

/** Under which name Booster keeps the schema migrations of each class: its own, or another where an unrelated class has that. */
class MigrationNames {
  private readonly names: { readonly ofClass: AnyClass; readonly name: string }[] = []

  public constructor(private readonly config: BoosterConfig) {}

  /** The name to register the migrations of a class under. Throws `DECLARATION_CONFLICT` where Booster itself would not find them there. */
  public nameFor(ofClass: AnyClass): string {
    const known = this.known(ofClass)
    if (known !== undefined) return known
    let name = ofClass.name
    for (let number = 2; this.isTaken(name, ofClass); number += 1) name = `${ofClass.name}#${number}`
    if (name !== ofClass.name && this.isOwn(ofClass)) throw ambiguous(ofClass.name, `class ${ofClass.name}`)
    this.names.push({ ofClass, name })
    return name
  }

  /** The name that the migrations of a class are registered under; undefined: it has none, those of its name are another's. */
  public nameOf(ofClass: AnyClass): string | undefined {
    const known = this.known(ofClass)
    if (known !== undefined) return known
    return this.isTaken(ofClass.name, ofClass) ? undefined : ofClass.name
  }

  private known(ofClass: AnyClass): string | undefined {
    return this.names.find((one) => areRelated(one.ofClass, ofClass))?.name
  }

  private isTaken(name: string, ofClass: AnyClass): boolean {
    const own = this.ownClass(name)
    return this.names.some((one) => one.name === name) || (own !== undefined && !areRelated(own, ofClass))
  }

  private isOwn(ofClass: AnyClass): boolean {
    return this.ownClass(ofClass.name) === ofClass
  }

  /** What the app itself calls so: Booster keeps the migrations of its events and entities in one table. */
  private ownClass(name: string): AnyClass | undefined {
    const { events, entities } = this.config
    return [events, entities].find((concepts) => Object.hasOwn(concepts, name))?.[name].class
  }
}

const namesByConfig = new WeakMap<BoosterConfig, MigrationNames>()

/** Those of an app. */
export function migrationNamesOf(config: BoosterConfig): MigrationNames {
  const names = namesByConfig.get(config) ?? new MigrationNames(config)
  namesByConfig.set(config, names)
  return names
}

/** A contract's class and the one that a publisher makes of it are the same event. */
function areRelated(one: AnyClass, other: AnyClass): boolean {
  return one === other || one.prototype instanceof other || other.prototype instanceof one
}

/**
 * Two classes of one name may come from two streamers. Throws `DECLARATION_CONFLICT` where migrations were registered for that name by
 * Booster's own decorator: nothing tells whose they are.
 */
export function checkMigrations(config: BoosterConfig, { handlers }: Declarations): void {
  const names = migrationNamesOf(config)
  const byName = new Map<string, HandlerDeclaration>()
  for (const handler of handlers) {
    const { eventClass } = handler
    if (!eventClass) continue
    const other = byName.get(eventClass.name)
    byName.set(eventClass.name, handler)
    if (!other?.eventClass || areRelated(other.eventClass, eventClass)) continue
    const areBoth = [other.eventClass, eventClass].every((one) => names.nameOf(one) === one.name)
    if (areBoth && eventClass.name in config.schemaMigrations)
      throw ambiguous(eventClass.name, `${other.at} and ${handler.at}`)
  }
}

function ambiguous(name: string, at: string): StreamerError {
  return new StreamerError('DECLARATION_CONFLICT', `Two classes are named ${name}, and one of them has migrations.`, {
    at,
    mend: "Import SchemaMigration from '@boostercloud/streamers' in both places, or rename the one that is this app's own.",
  })
}
