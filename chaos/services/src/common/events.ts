import { UUID } from '@boostercloud/framework-types'

/**
 * What the services stream: `origin` is the same all along the chain, and given by the client. Handlers take it out of `parcel`, so that an event
 * that somebody has had before them has nothing left for them.
 */
abstract class Step {
  public constructor(
    readonly key: UUID,
    readonly origin: string,
    readonly parcel: string[] = [origin]
  ) {}

  public entityID(): UUID {
    return this.key
  }
}

/** What a command asked of the first service. */
export class Asked extends Step {}
/** The second service has handled it. */
export class Passed extends Step {}
/** The third service has handled that. */
export class Arrived extends Step {}
