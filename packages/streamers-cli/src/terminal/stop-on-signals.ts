/**
 * Ends this process as it is asked to: the first SIGTERM or SIGINT drains, and ends it with 0, or with 1 where that fails; a second one ends it
 * at once.
 */
export function stopOnSignals(drain: () => Promise<void> | undefined): void {
  let asked = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1)
      asked = true
      Promise.resolve(drain()).then(
        () => process.exit(0),
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`)
          process.exit(1)
        }
      )
    })
  }
}
