import { EndRequests } from '@boostercloud/streamer-connector'

const ASKED = ['SIGTERM', 'SIGINT'] as const

/** What ends a process besides SIGTERM and SIGINT. */
export interface StopOptions {
  /** A terminal that is closed, and a reader of its output that is gone. Default false: a process that was started with `nohup` goes on. */
  readonly onHangUp?: boolean
}

/**
 * Ends this process as it is asked to: the first SIGTERM or SIGINT drains, and ends it with 0, or with 1 where that fails; a later one ends it
 * at once, except within half a second: `npx` and `npm start` deliver one Ctrl-C twice.
 */
export function stopOnSignals(drain: () => Promise<void> | undefined, { onHangUp = false }: StopOptions = {}): void {
  const requests = new EndRequests()
  const stop = (): void => {
    Promise.resolve(drain()).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      }
    )
  }
  const ask = (): void => {
    const request = requests.next()
    if (request === 'first') stop()
    if (request === 'later') process.exit(1)
  }
  for (const signal of ASKED) process.on(signal, ask)
  if (!onHangUp) return
  const hangUp = (): void => {
    if (requests.next() === 'first') stop()
  }
  process.on('SIGHUP', hangUp)
  // What would end this process at once when nobody reads any more. Nothing that is written then counts.
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error').on('error', hangUp)
}
