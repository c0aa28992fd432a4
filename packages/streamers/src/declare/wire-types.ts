import { StreamerError, checkWireType, wireTypeOf } from '@boostercloud/streamer-connector'
import type { EventDeclaration, HandlerDeclaration } from './declarations'

type EventClass = EventDeclaration['eventClass']
type Declared = Pick<HandlerDeclaration, 'eventClass' | 'at'>

/** What the events that a handler takes are called on the wire, its class's own type first; undefined: it takes every event. */
export function handledTypes({ eventClass, options, at }: HandlerDeclaration): readonly string[] | undefined {
  const { types = [] } = options
  if (!Array.isArray(types)) throw invalid('The option types is not a list.', at)
  for (const type of types) checkWireType(type, at)
  if (eventClass) return [...new Set([wireTypeOf(eventClass), ...types])]
  if (types.length > 0)
    throw invalid('The option types is set without eventType, so the handler would get every event.', at)
  return undefined
}

/** Which class the events of each type are of, at each address, in one direction. */
export class WireTypes {
  private readonly known = new Map<string, { readonly eventClass: EventClass; readonly at: string }>()

  /** Throws `DECLARATION_CONFLICT` where another class has one of these types at the address: nothing tells whose an event is. */
  public add(address: string, types: readonly string[], { eventClass, at }: Declared): void {
    if (!eventClass) return
    for (const type of types) {
      const name = JSON.stringify([address, type])
      const other = this.known.get(name)
      if (other && !isSame(other.eventClass, eventClass)) throw conflict(address, type, [other, { eventClass, at }])
      this.known.set(name, { eventClass, at })
    }
  }
}

/** A contract's class, and the one of the same name that a service makes of it to publish it, are the same event. */
function isSame(one: EventClass, other: EventClass): boolean {
  if (one === other) return true
  const areRelated = one.prototype instanceof other || other.prototype instanceof one
  return areRelated && one.name === other.name
}

function conflict(
  address: string,
  type: string,
  classes: readonly { readonly eventClass: EventClass; readonly at: string }[]
): StreamerError {
  const names = classes.map(({ eventClass }) => eventClass.name).join(' and ')
  return new StreamerError(
    'DECLARATION_CONFLICT',
    `Two classes, ${names}, have the type '${type}' at '${address}', so the class of an event of this type is not known.`,
    {
      at: classes.map(({ at }) => at).join(' and '),
      hint: 'Give each class its own static eventType, each handler its own types, or each class another topic.',
    }
  )
}

function invalid(what: string, at: string): StreamerError {
  return new StreamerError('OPTION_INVALID', what, {
    at,
    hint: "Give the handler the class as eventType, and a list of strings as types: ['com.acme.PostLiked'].",
  })
}
