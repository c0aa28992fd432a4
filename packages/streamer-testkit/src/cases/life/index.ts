import type { ConformanceCase } from '../../harness/conformance-case'
import { lifeBrokerCases } from './broker'
import { lifeCloseCases } from './close'
import { lifeGroupCases } from './group'
import { lifeReplayCases } from './replay'
import { lifeStartCases } from './start'

/** What a connector is held to from its making to its end. */
export const lifeCases: readonly ConformanceCase[] = [
  ...lifeStartCases,
  ...lifeCloseCases,
  ...lifeReplayCases,
  ...lifeGroupCases,
  ...lifeBrokerCases,
]
