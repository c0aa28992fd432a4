import { EVERY_FIELD } from '../../inspect'
import type { InspectedHandler, InspectedService } from '../../inspect'
import type { SchemaChange } from '../compare/compare'

/** A handler that a change concerns. */
export interface Reader {
  readonly service: string
  readonly handler: string
  readonly at: string
  /** Whether it is seen to read the field; else it hands the event on, and may. */
  readonly certain: boolean
}

/** The handlers of these services that read what has changed. */
export function readersOf(
  { event, type, field, address }: SchemaChange,
  services: readonly InspectedService[]
): Reader[] {
  const name = /^[^.[]*/.exec(field)?.[0] ?? ''
  return services.flatMap((service) =>
    service.handles
      .filter(({ event: handled, types }) => handled === event || (type !== undefined && types?.includes(type)))
      .filter((handler) => reads(handler, name))
      .filter((handler) => address === undefined || handler.address === address)
      .map(({ handler, at, reads: fields }) => ({
        service: service.name,
        handler,
        at,
        certain: name === '' || fields.includes(name),
      }))
  )
}

function reads({ reads: fields }: InspectedHandler, name: string): boolean {
  return name === '' || fields.includes(name) || fields.includes(EVERY_FIELD)
}
