import type { ChildProcess } from '../../examples/support/child-process'
import type { ForeignService, Service } from '../../examples/support/services'

/** A process of an example: a service, with Booster or without, or another program. */
export type Started = ChildProcess & Partial<Pick<Service, 'url'> & Pick<ForeignService, 'listening'>>
