import type { ConformanceCase } from '../conformance-case'
import { lifeBrokerCases } from './life-broker'
import { lifeCloseCases } from './life-close'
import { lifeGroupCases } from './life-group'
import { lifeReplayCases } from './life-replay'
import { lifeStartCases } from './life-start'

/** What a connector is held to from its making to its end. */
export const lifeCases: readonly ConformanceCase[] = [
  ...lifeStartCases,
  ...lifeCloseCases,
  ...lifeReplayCases,
  ...lifeGroupCases,
  ...lifeBrokerCases,
]
