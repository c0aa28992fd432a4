import type { ConformanceCase } from '../harness/conformance-case'
import { failureCases } from './failure'
import { hostileWireCases } from './hostile'
import { lifeCases } from './life'
import { publishCases } from './publish'
import { rawCases } from './raw'
import { receiveCases } from './receive'
import { valueCases } from './values'
import { wireCases } from './wire'

/**
 * Every case, as data: what a connector is held to. Names are unique.
 * @public
 */
export const conformanceCases: readonly ConformanceCase[] = [
  ...publishCases,
  ...receiveCases,
  ...wireCases,
  ...rawCases,
  ...valueCases,
  ...hostileWireCases,
  ...lifeCases,
  ...failureCases,
]
