import { receiveOrderCases } from './receive-order'
import { receivePositionCases } from './receive-position'
import { receiveWaitingCases } from './receive-waiting'
import type { ConformanceCase } from '../conformance-case'

/** What a connector is held to when events are polled from it. */
export const receiveCases: readonly ConformanceCase[] = [
  ...receiveOrderCases,
  ...receivePositionCases,
  ...receiveWaitingCases,
]
