import type { BoosterConfig, Class } from '@boostercloud/framework-types'
import { StreamerError } from '@boostercloud/streamer-connector'
import type { Declarations, HandlerDeclaration } from '../../declare'
import { migrationsUnder, renameMigrations } from '../compatibility'
import { checkSteps } from './migration-steps'
import { areRelated } from './related-classes'

type AnyClass = Class<unknown>

/** Under which name Booster keeps the schema migrations of each class: its own, or another where an unrelated class has that. */
class MigrationNames {
  private readonly names: { readonly ofClass: AnyClass; name: string }[] = []

  public constructor(private readonly config: BoosterConfig) {}

  /** The name to register the migrations of a class under. */
  public nameFor(ofClass: AnyClass): string {
    const known = this.known(ofClass)
    if (known !== undefined) return known
    if (this.ownClass(ofClass.name) === ofClass) this.makeWayFor(ofClass)
    const name = this.isTaken(ofClass.name, ofClass) ? this.free(ofClass) : ofClass.name
    this.names.push({ ofClass, name })
    return name
  }

  /** The name that the migrations of a class are registered under; undefined: it has none, those of its name are another's. */
  public nameOf(ofClass: AnyClass): string | undefined {
    const known = this.known(ofClass)
    if (known !== undefined) return known
    return this.isTaken(ofClass.name, ofClass) ? undefined : ofClass.name
  }

  /** Gives the app's own classes their names, which Booster finds their migrations by, whatever was registered before them. */
  public settle(): void {
    for (const { name } of [...this.names]) {
      const own = this.ownClass(name)
      if (own) this.makeWayFor(own)
    }
  }

  private makeWayFor(own: AnyClass): void {
    const other = this.names.find(({ ofClass, name }) => name === own.name && !areRelated(ofClass, own))
    if (!other) return
    const name = this.free(other.ofClass)
    renameMigrations(this.config, other.name, name)
    other.name = name
  }

  private known(ofClass: AnyClass): string | undefined {
    return this.names.find((one) => areRelated(one.ofClass, ofClass))?.name
  }

  private isTaken(name: string, ofClass: AnyClass): boolean {
    const own = this.ownClass(name)
    return this.names.some((one) => one.name === name) || (own !== undefined && !areRelated(own, ofClass))
  }

  private free(ofClass: AnyClass): string {
    let number = 2
    while (this.isTaken(`${ofClass.name}#${number}`, ofClass)) number += 1
    return `${ofClass.name}#${number}`
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

/**
 * Two classes of one name may come from two streamers. Throws `DECLARATION_CONFLICT` where migrations were registered for that name by
 * Booster's own decorator: nothing tells whose they are. Throws `MIGRATION_GAP` where those of a streamed event do not lead to its class.
 */
export function checkMigrations(config: BoosterConfig, { events, handlers }: Declarations): void {
  const names = migrationNamesOf(config)
  names.settle()
  checkNames(config, names, handlers)
  const eventClasses = [...events, ...handlers].flatMap(({ eventClass }) => eventClass ?? [])
  for (const eventClass of new Set<AnyClass>(eventClasses)) {
    const name = names.nameOf(eventClass)
    const steps = name === undefined ? undefined : migrationsUnder(config, name)
    if (steps) checkSteps(eventClass, steps)
  }
}

function checkNames(config: BoosterConfig, names: MigrationNames, handlers: readonly HandlerDeclaration[]): void {
  const byName = new Map<string, HandlerDeclaration>()
  for (const handler of handlers) {
    const { eventClass } = handler
    if (!eventClass) continue
    const other = byName.get(eventClass.name)
    byName.set(eventClass.name, handler)
    if (!other?.eventClass || areRelated(other.eventClass, eventClass)) continue
    const areBoth = [other.eventClass, eventClass].every((one) => names.nameOf(one) === one.name)
    if (areBoth && migrationsUnder(config, eventClass.name))
      throw ambiguous(eventClass.name, `${other.at} and ${handler.at}`)
  }
}

function ambiguous(name: string, at: string): StreamerError {
  return new StreamerError('DECLARATION_CONFLICT', `Two classes are named ${name}, and one of them has migrations.`, {
    at,
    hint: "Import SchemaMigration from '@boostercloud/streamers' in both places, or rename the app's own class.",
  })
}
