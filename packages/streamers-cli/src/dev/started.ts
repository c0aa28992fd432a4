/** What a service tells the process that started it, when it listens. */
export interface Started {
  readonly appName: string
  /** Of its GraphQL API. */
  readonly url: string
  /** Addresses, each with its topic. */
  readonly publishes: readonly string[]
  readonly handles: readonly string[]
}

/** Tells the process that started this one, where that is `boost-streamers dev`; this one ends as on SIGTERM when that one is gone. */
export function tellParent(started: Started): void {
  if (!process.send) return
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.send(started)
}
