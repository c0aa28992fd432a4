/** What tests use of a process that the scripts start. */
export interface Started {
  readonly child: { readonly pid: number }
  readonly url?: string
  readonly failed: Promise<never>
  /** How it has ended: an exit code or a signal, in words. */
  readonly exited: Promise<string>
  /** Of a service without Booster: when it has said that it listens. */
  readonly listening?: Promise<void>
  stop(): Promise<void>
  kill(): Promise<void>
}
