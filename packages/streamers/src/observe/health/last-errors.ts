import type { ReceiverObserver } from '../../receive'
import { errorCode } from '../error-code'

/** Why a link last failed. */
export interface LastError {
  readonly code: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Remembers the last failure of each link until it handles an event again. */
export class LastErrors implements Pick<ReceiverObserver, 'handled' | 'parked' | 'died'> {
  private readonly byLink = new Map<string, LastError>()

  public handled({ address, handler }: Parameters<ReceiverObserver['handled']>[0]): void {
    if (this.byLink.size > 0) this.byLink.delete(nameOf(address, handler))
  }

  public parked(...[{ address, handler }, , { error }]: Parameters<ReceiverObserver['parked']>): void {
    this.byLink.set(nameOf(address, handler), { code: errorCode(error), at: Date.now() })
  }

  public died(...failed: Parameters<ReceiverObserver['died']>): void {
    this.parked(...failed)
  }

  public of(address: string, handler: string): LastError | undefined {
    return this.byLink.get(nameOf(address, handler))
  }
}

function nameOf(address: string, handler: string): string {
  return `${address}#${handler}`
}
