import { join } from 'node:path'
import { ChildProcess } from '../../support/child-process'
import { environmentOf } from '../../support/services'
import { EXAMPLE, ROOT } from '../../support/workspace'
import type { Workspace } from '../../support/workspace'

const CLI = join(ROOT, 'node_modules/.bin/boost-streamers')

/** Where the events of all runs are kept; BLOG_LAKE names another folder. */
export const LAKE = process.env.BLOG_LAKE ?? join(EXAMPLE, '.booster/lake')

/** Starts to record what the audit handles, which is both topics. It reads in a group of its own. Resolves when it records. */
export async function startLake(workspace: Workspace, started: ChildProcess[]): Promise<void> {
  const words = ['lake', 'record', '--lake', LAKE, '--env', workspace.environment]
  let records = (): void => undefined
  const recording = new Promise<void>((resolve) => (records = resolve))
  const recorder = new ChildProcess('lake', [process.execPath, CLI, ...words], {
    cwd: join(workspace.folder, 'audit'),
    env: environmentOf(workspace),
    onLine: (line) => {
      if (line.includes(' records ')) records()
      return false
    },
  })
  started.push(recorder)
  await Promise.race([recording, recorder.failed])
}
