import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredStep } from './history'

/** A line of the file that Booster's local provider keeps its events in. */
interface StoredLine {
  readonly _id: string
  readonly kind?: string
  readonly createdAt?: string
  readonly value?: { readonly key: string; readonly origin: string }
}

/**
 * A service's event store, read from outside. Events are appended to its file while the service runs, and put into another order
 * when it starts; so the file must be looked at after each death and before the next start, to know the order in which they were stored.
 */
export class EventStoreFile {
  private readonly seen = new Set<string>()
  private readonly inOrder: StoredStep[] = []
  private readonly file: string

  public constructor(serviceFolder: string) {
    this.file = join(serviceFolder, '.booster', 'events.json')
  }

  /** All events so far, in the order in which they were stored. */
  public read(): readonly StoredStep[] {
    if (!existsSync(this.file)) return this.inOrder
    for (const text of readFileSync(this.file, 'utf8').split('\n')) {
      const line = parsed(text)
      if (line?.kind !== 'event' || !line.value || this.seen.has(line._id)) continue
      this.seen.add(line._id)
      this.inOrder.push({ key: line.value.key, origin: line.value.origin, at: Date.parse(line.createdAt ?? '') })
    }
    return this.inOrder
  }
}

/** A torn line is one that the provider drops too. */
function parsed(text: string): StoredLine | undefined {
  try {
    return JSON.parse(text) as StoredLine
  } catch {
    return undefined
  }
}
