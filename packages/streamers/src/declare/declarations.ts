import type { Class, EventInterface, Register } from '@boostercloud/framework-types'
import type { OwnHandlingOptions, RequiredCapabilities } from './options'

/** An event class that is streamed. */
export interface EventDeclaration {
  readonly eventClass: Class<EventInterface>
  readonly streamTo: readonly string[]
  readonly requires: RequiredCapabilities
  /** Class and file, for messages. */
  readonly at: string
}

/** A handler class that is streamed to. */
export interface HandlerDeclaration {
  readonly handlerClass: HandlerClass
  readonly eventClass?: Class<EventInterface>
  readonly streamedFrom: readonly string[]
  readonly options: OwnHandlingOptions
  /** Class and file, for messages. */
  readonly at: string
}

/** A class with a static `handle`, or with a static `handleBatch`. */
export type HandlerClass = { readonly name: string } & (
  | { handle(event: unknown, register: Register): Promise<void> }
  | { handleBatch(events: unknown[], register: Register): Promise<void> }
)

/** All that the decorators of one app have said. */
export class Declarations {
  public readonly events: EventDeclaration[] = []
  public readonly handlers: HandlerDeclaration[] = []

  /** Whether the app streams at all. */
  public get isEmpty(): boolean {
    return this.events.length === 0 && this.handlers.length === 0
  }
}
