import type { ConformanceCase } from '../conformance-case'
import { adapterCases } from './adapters'
import { connectionCases } from './connections'
import { dispatchCases } from './dispatch'
import { entityIdCases } from './entity-ids'
import { eventSearchCases } from './event-search'
import { eventCases } from './events'
import { filterCases } from './filters'
import { graphqlCases } from './graphql'
import { healthCases } from './health'
import { oneMillisecondCases } from './one-millisecond'
import { pageCases } from './pages'
import { concurrencyCases, readModelCases } from './read-models'
import { sequencedCases } from './sequenced'
import { snapshotCases } from './snapshots'
import { socketCases } from './socket'
import { sortCases } from './sorts'
import { subscriptionCases } from './subscriptions'
import { valueCases } from './values'

/** Everything that Booster's provider interface is held to, in the order in which it is run. */
export const cases: readonly ConformanceCase[] = [
  ...eventCases,
  ...oneMillisecondCases,
  ...snapshotCases,
  ...eventSearchCases,
  ...entityIdCases,
  ...dispatchCases,
  ...readModelCases,
  ...concurrencyCases,
  ...valueCases,
  ...sequencedCases,
  ...filterCases,
  ...sortCases,
  ...pageCases,
  ...subscriptionCases,
  ...connectionCases,
  ...healthCases,
  ...adapterCases,
  ...graphqlCases,
  ...socketCases,
]
