import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { StreamerError, wireTypeOf } from '@boostercloud/streamer-connector'
import type * as Runtime from '@boostercloud/streamers/runtime'
import type { Recorded } from './recorded'

type EventClass = Parameters<typeof Runtime.readEvent>[0]

/** What became of a recorded event. */
export interface Verdict {
  readonly at: string
  /** From the wire; undefined where it has none. */
  readonly type?: string
  readonly version?: number
  readonly id?: string
  /** `read`: it becomes an instance of its class; `failed`; `unknown`: no class of the folder has this type. */
  readonly outcome: 'read' | 'failed' | 'unknown'
  /** Why it failed. */
  readonly error?: string
}

/** Reads recorded events with the built code of a service, or of a contract's package: its classes and its migrations. */
export class Judge {
  private constructor(
    private readonly streamers: typeof Runtime,
    private readonly classes: ReadonlyMap<string, EventClass>
  ) {}

  /** Loads what was built in a folder; nothing is started. Throws `OPTION_INVALID` where nothing is, and where it has no event class. */
  public static of(folder: string, environment: string): Judge {
    const entry = join(folder, 'dist', 'index.js')
    if (!existsSync(entry)) throw unusable('This folder is not built: it has no dist/index.js.', folder)
    process.env.BOOSTER_ENV = environment
    const load = createRequire(entry)
    const streamers = load('@boostercloud/streamers/runtime') as typeof Runtime
    const exported = Object.values(load(entry) as Record<string, unknown>).filter(isEventClass)
    const classes = new Map([
      ...exported.map((one) => [wireTypeOf(one), one] as const),
      ...streamers.handledEventTypes(),
    ])
    if (classes.size === 0) throw unusable('No event class is exported or handled in this folder.', folder)
    return new Judge(streamers, classes)
  }

  public async verdictOn({ event, at, undecodable }: Recorded): Promise<Verdict> {
    const { type, version, id } = event.metadata ?? {}
    const told = { at, type, version, id }
    if (undecodable !== undefined) return { ...told, outcome: 'failed', error: undecodable }
    const eventClass = this.classFor(type)
    if (!eventClass) return { ...told, outcome: 'unknown' }
    try {
      await this.streamers.readEvent(eventClass, event, at)
      return { ...told, outcome: 'read' }
    } catch (error) {
      return { ...told, outcome: 'failed', error: error instanceof Error ? error.message : String(error) }
    }
  }

  /** As a link does: without a type on the wire it is the class, if there is one only. */
  private classFor(type: string | undefined): EventClass | undefined {
    if (type !== undefined) return this.classes.get(type)
    const classes = [...new Set(this.classes.values())]
    return classes.length === 1 ? classes[0] : undefined
  }
}

function isEventClass(value: unknown): value is EventClass {
  return typeof value === 'function' && typeof (value.prototype as { entityID?: unknown })?.entityID === 'function'
}

function unusable(why: string, folder: string): StreamerError {
  return new StreamerError('OPTION_INVALID', why, {
    at: folder,
    hint: 'Build the service, or the package of the contract: recorded events are read with its classes and migrations.',
  })
}
