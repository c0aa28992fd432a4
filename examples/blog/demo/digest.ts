import { join } from 'node:path'
import { ChildProcess } from '../../support/child-process'
import { readJourney } from '../../support/journey'
import type { Journey } from '../../support/journey'
import { environmentOf } from '../../support/services'
import { EXAMPLE } from '../../support/workspace'
import type { Workspace } from '../../support/workspace'

/** Starts the program that is not Booster. */
export function startDigest({
  workspace,
  onJourney,
}: {
  readonly workspace: Workspace
  readonly onJourney?: (journey: Journey) => void
}): ChildProcess {
  return new ChildProcess('digest', [process.execPath, join(EXAMPLE, 'digest/dist/main.js'), workspace.digest], {
    cwd: workspace.folder,
    env: environmentOf(workspace),
    onLine: (line) => readJourney(line, onJourney),
  })
}
