import type { ConformanceCase } from '../conformance-case'
import { failureDeadLetterCases } from './failure-dead-letter'
import { failureKeyCases } from './failure-key'
import { failureOutageCases } from './failure-outage'
import { failureProcessCases } from './failure-process'
import { failureRetryCases } from './failure-retry'
import { hostileFailureCases } from './hostile'

/** What a service on the connector is held to when handlers fail, processes die and the broker goes away. */
export const failureCases: readonly ConformanceCase[] = [
  ...failureRetryCases,
  ...failureDeadLetterCases,
  ...hostileFailureCases,
  ...failureKeyCases,
  ...failureProcessCases,
  ...failureOutageCases,
]
