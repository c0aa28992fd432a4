import { failureFaults } from './failure'
import type { Fault } from './fault'
import { groupFaults } from './group'
import { lifeFaults } from './life'
import { publishFaults } from './publish'
import { receiveFaults } from './receive'
import { wireFaults } from './wire'

export type { Fault }

/** Every fault that the suite is shown to see. */
export const faults: readonly Fault[] = [
  ...publishFaults,
  ...receiveFaults,
  ...wireFaults,
  ...lifeFaults,
  ...groupFaults,
  ...failureFaults,
]
