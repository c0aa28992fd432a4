import { newEventId } from '@boostercloud/streamer-connector'

/** An object that was handed over for storing, and the request it was registered in. */
interface Registration {
  readonly requestId: string
  readonly object: object
}

/**
 * Gives each registered event its id. An id belongs to a registration (request, object, ordinal), so that an object registered
 * twice is two events, and a store that is called again with the same registrations, after it failed, meets the same ids.
 */
export class RegistrationIds {
  private readonly given = new WeakMap<object, Map<string, string[]>>()

  /** The ids of one call of the store, each at its registration's place. */
  public idsFor(registrations: readonly Registration[]): string[] {
    const taken = new Map<object, number>()
    return registrations.map(({ requestId, object }) => {
      const ids = this.idsOf(requestId, object)
      const ordinal = taken.get(object) ?? 0
      taken.set(object, ordinal + 1)
      return (ids[ordinal] ??= newEventId())
    })
  }

  /** The store has taken them: the same objects handed over again are new registrations. */
  public stored(registrations: readonly Registration[]): void {
    for (const { requestId, object } of registrations) this.given.get(object)?.delete(requestId)
  }

  private idsOf(requestId: string, object: object): string[] {
    const byRequest = this.given.get(object) ?? new Map<string, string[]>()
    this.given.set(object, byRequest)
    const ids = byRequest.get(requestId) ?? []
    byRequest.set(requestId, ids)
    return ids
  }
}
