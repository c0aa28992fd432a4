import { ROOT } from '../run'
import type { Part } from '../static-checks'
import { namedFiles } from '../tests/files'
import { unitTests } from '../unit-tests'

/**
 * What works in another way there: from Node 24 on the SQLite engine is Node's own. These are the tests of what stands on it: the
 * embedded log, the embedded state, and a service's own store.
 */
const FOLDERS = [
  'packages/streamer-sqlite',
  'packages/local-streamer',
  'packages/streamers/test/state',
  'packages/framework-provider-sql/test/conformance',
  'packages/framework-provider-sql/test/database',
  'packages/framework-provider-sql/test/events',
  'packages/framework-provider-sql/test/operate',
  'packages/framework-provider-sql/test/read-models',
  'packages/framework-provider-sql/test/state',
]

/** These tests as jobs for a pool. `node` is the executable of Node 24. */
export function node24Tests(node: string): Part {
  return unitTests({ node, nodeName: 'Node 24', files: namedFiles(FOLDERS, { cwd: ROOT }) })
}
