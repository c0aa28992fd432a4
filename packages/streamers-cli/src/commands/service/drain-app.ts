/** Where the streams of an app leave the function that drains them, as soon as they start. */
const DRAIN = Symbol.for('@boostercloud/streamers#drain')

/** Drains the streams of the app in this process; undefined where they have not begun to start. */
export function drainApp(): Promise<void> | undefined {
  return (globalThis as { [DRAIN]?: () => Promise<void> })[DRAIN]?.()
}
