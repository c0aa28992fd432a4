import { startForeignService } from '../heterogeneous/services.mjs'

/** Starts the readers, a service in Python, and counts what they have read. */
export function startReaders(program, { workspace, onJourney }) {
  const timesRead = new Map()
  const readers = startForeignService('readers', program, {
    workspace,
    onLine: ({ received, id, source: from, subject, time }) => {
      if (received !== 'PostCreated') return
      timesRead.set(subject, (timesRead.get(subject) ?? 0) + 1)
      onJourney({ id, subject, from, address: 'main/posts', to: 'readers', ms: Date.now() - Date.parse(time) })
    },
  })
  /** How often each post was read. */
  return Object.assign(readers, { timesRead: () => [...timesRead.values()] })
}
