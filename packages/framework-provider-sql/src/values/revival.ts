import type {
  BoosterConfig,
  EntitySnapshotEnvelope,
  EventEnvelope,
  ReadModelInterface,
} from '@boostercloud/framework-types'
import { revived } from './revive'

type AnyClass = abstract new (...args: never[]) => object
type Steps = ReadonlyMap<number, { readonly fromSchema: AnyClass }>

/** Gives what is read from the store the types that the app's classes have: of an older version, those that the version had. */
export class Revival {
  public constructor(private readonly config: Partial<BoosterConfig>) {}

  public event<T extends EventEnvelope>(envelope: T): T {
    const { events, notifications } = this.config
    const { typeName, version, value } = envelope
    const known = events?.[typeName] ?? notifications?.[typeName]
    return withValue(envelope, revived(this.classOf(typeName, version, known?.class), value))
  }

  public snapshot<T extends EntitySnapshotEnvelope>(envelope: T): T {
    const { typeName, version, value } = envelope
    return withValue(envelope, revived(this.classOf(typeName, version, this.config.entities?.[typeName]?.class), value))
  }

  public readModel(type: string, value: ReadModelInterface): ReadModelInterface {
    const version = value.boosterMetadata?.schemaVersion
    return revived(this.classOf(type, version, this.config.readModels?.[type]?.class), value)
  }

  /** Whose fields an object has that was stored with a version; undefined where nobody knows. */
  private classOf(name: string, version: number | undefined, current: AnyClass | undefined): AnyClass | undefined {
    const steps = this.config.schemaMigrations?.[name] as unknown as Steps | undefined
    if (!steps || version === undefined) return current
    return steps.get(version + 1)?.fromSchema ?? current
  }
}

function withValue<T extends { readonly value: unknown }>(envelope: T, value: T['value']): T {
  return value === envelope.value ? envelope : { ...envelope, value }
}
