import type { ConformanceCase } from '../../harness/conformance-case'
import { failureDeadLetterCases } from './dead-letter'
import { failureKeyCases } from './key'
import { failureOutageCases } from './outage'
import { failureProcessCases } from './process'
import { failureRetryCases } from './retry'
import { hostileFailureCases } from '../hostile'

/** What a service on the connector is held to when handlers fail, processes die and the broker goes away. */
export const failureCases: readonly ConformanceCase[] = [
  ...failureRetryCases,
  ...failureDeadLetterCases,
  ...hostileFailureCases,
  ...failureKeyCases,
  ...failureProcessCases,
  ...failureOutageCases,
]
