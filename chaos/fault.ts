import type { Stage } from './stages'
import type { RequestKind, ServerFaultKind } from './server-kind'

/** What runs besides the services: the server between them, and the database that they store in. */
export type ServerName = 'server' | 'database'
/** What something happens to. */
export type Victim = Stage | ServerName

/** Something that goes wrong. */
export type Fault = ServiceFault | ServerFault

interface AtSomeTime {
  /** When so many commands were sent. */
  readonly at: number
}

/** Something that goes wrong with a service. */
export type ServiceFault = AtSomeTime & { readonly on: Stage } & (
    | { readonly do: 'kill'; readonly afterMs: number; readonly downMs: number }
    /** Killed when it comes there for that time. */
    | { readonly do: 'kill-at'; readonly failpoint: string; readonly time: number; readonly downMs: number }
    /** SIGSTOP, and SIGCONT after so long. */
    | { readonly do: 'stop'; readonly forMs: number }
  )

/** Something that goes wrong with a server, or on the way to it. */
export type ServerFault = AtSomeTime & { readonly on: ServerName; readonly do: ServerFaultKind } & (
    | { readonly do: 'kill'; readonly afterMs: number; readonly downMs: number }
    | { readonly do: 'stall'; readonly forMs: number }
    | { readonly do: 'cut' }
    /** Bytes vanish in one direction, or in both. */
    | { readonly do: 'half-open'; readonly lost: 'up' | 'down' | 'both'; readonly forMs: number }
    | { readonly do: 'delay'; readonly byMs: number; readonly forMs: number }
    /** The answer to the next such request. */
    | { readonly do: 'lose-answer'; readonly to: RequestKind }
  )

/** Whether it goes wrong with a server. */
export function isServerFault(fault: Fault): fault is ServerFault {
  return fault.on === 'server' || fault.on === 'database'
}
