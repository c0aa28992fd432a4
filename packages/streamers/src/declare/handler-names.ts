import { StreamerError } from '@boostercloud/streamer-connector'
import type { HandlerDeclaration } from './declarations'

/** Positions end in `#` and the name; and it is shown in one line. */
const NAME = /^[\w.$-]{1,200}$/u

/** What a handler is known by: what it says, else its class's name. */
export function handlerNameOf({ handlerClass, options }: HandlerDeclaration): string {
  return options.name ?? handlerClass.name
}

/** Handlers are told apart by their names, in the inbox too. Throws `OPTION_INVALID` and `DECLARATION_CONFLICT`. */
export function checkHandlerNames(handlers: readonly HandlerDeclaration[]): void {
  const byName = new Map<string, HandlerDeclaration>()
  for (const handler of handlers) {
    const name = handlerNameOf(handler)
    if (handler.options.name !== undefined && !NAME.test(handler.options.name)) throw invalid(handler)
    const other = byName.get(name)
    if (other && other.handlerClass !== handler.handlerClass) throw conflict(name, other, handler)
    byName.set(name, handler)
  }
}

function invalid({ at }: HandlerDeclaration): StreamerError {
  return new StreamerError('OPTION_INVALID', 'The option name is wrong.', {
    at,
    hint: "Name the handler with letters, digits and '_ - . $', at most 200 of them.",
  })
}

function conflict(name: string, other: HandlerDeclaration, handler: HandlerDeclaration): StreamerError {
  return new StreamerError(
    'DECLARATION_CONFLICT',
    `Two handlers are named ${name}: an event that one has handled would count as handled by the other.`,
    {
      at: `${other.at} and ${handler.at}`,
      hint: 'Give one of them another name, or use one handler with several addresses in streamedFrom.',
    }
  )
}
