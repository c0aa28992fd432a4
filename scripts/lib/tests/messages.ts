/** What a process of tests tells the runner. */
export type WorkerMessage =
  | { readonly begun: string }
  | { readonly ended: string; readonly cpuSeconds?: number }
  | { readonly done: true }
  | { readonly title: string; readonly outcome: Outcome }

/** What came of one test. */
export type Outcome = 'passed' | 'failed' | 'skipped'
