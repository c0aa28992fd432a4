const ASKED = ['SIGTERM', 'SIGINT'] as const

/** What ends a process besides SIGTERM and SIGINT. */
export interface StopOptions {
  /** A terminal that is closed, and a reader of its output that is gone. Default false: a process that was started with `nohup` goes on. */
  readonly onHangUp?: boolean
}

/**
 * Ends this process as it is asked to: the first SIGTERM or SIGINT drains, and ends it with 0, or with 1 where that fails; a second one ends it
 * at once.
 */
export function stopOnSignals(drain: () => Promise<void> | undefined, { onHangUp = false }: StopOptions = {}): void {
  let asked = false
  const stop = (): void => {
    asked = true
    Promise.resolve(drain()).then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      }
    )
  }
  for (const signal of ASKED) process.on(signal, () => (asked ? process.exit(1) : stop()))
  if (!onHangUp) return
  const hangUp = (): void => void (asked || stop())
  process.on('SIGHUP', hangUp)
  // What would end this process at once when nobody reads any more. Nothing that is written then counts.
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error').on('error', hangUp)
}
