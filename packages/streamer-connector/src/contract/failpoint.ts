const HOOK = Symbol.for('@boostercloud/streamer-connector#failpoint')

/**
 * What a test does when the code comes to a failpoint: kill the process, wait, throw.
 * @internal
 */
export type FailpointHook = (name: string) => void | Promise<void>

/**
 * A named instant before or after something durable, at which a test can make things go wrong. Does nothing, and takes next to no
 * time, unless the process has set a hook.
 * @internal
 */
export function failpoint(name: string): void | Promise<void> {
  return (globalThis as { [HOOK]?: FailpointHook })[HOOK]?.(name)
}

/**
 * Sets what happens at failpoints in this process; undefined: nothing.
 * @internal
 */
export function onFailpoint(hook: FailpointHook | undefined): void {
  ;(globalThis as { [HOOK]?: FailpointHook })[HOOK] = hook
}
