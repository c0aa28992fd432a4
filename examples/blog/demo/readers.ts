import type { Program } from '../../support/child-process'
import type { Journey } from '../../support/journey'
import { startForeignService } from '../../support/services'
import type { ForeignService } from '../../support/services'
import type { Workspace } from '../../support/workspace'

/** The readers, a service in Python. */
export interface Readers extends ForeignService {
  /** How often each post was read. */
  timesRead(): number[]
}

interface Line {
  readonly received?: string
  readonly id: string
  readonly source: string
  readonly subject: string
  readonly time: string
}

/** Starts the readers, and counts what they have read. */
export function startReaders(
  program: Program,
  { workspace, onJourney }: { readonly workspace: Workspace; readonly onJourney: (journey: Journey) => void }
): Readers {
  const timesRead = new Map<string, number>()
  const readers = startForeignService<Line>('readers', program, {
    workspace,
    onLine: ({ received, id, source: from, subject, time }) => {
      if (received !== 'PostCreated') return
      timesRead.set(subject, (timesRead.get(subject) ?? 0) + 1)
      onJourney({ id, subject, from, address: 'main/posts', to: 'readers', ms: Date.now() - Date.parse(time) })
    },
  })
  return Object.assign(readers, { timesRead: () => [...timesRead.values()] })
}
