import { receiveOrderCases } from './order'
import { receivePlaceCases } from './place'
import { receivePositionCases } from './position'
import { receiveWaitingCases } from './waiting'
import type { ConformanceCase } from '../../harness/conformance-case'

/** What a connector is held to when events are polled from it. */
export const receiveCases: readonly ConformanceCase[] = [
  ...receiveOrderCases,
  ...receivePositionCases,
  ...receivePlaceCases,
  ...receiveWaitingCases,
]
