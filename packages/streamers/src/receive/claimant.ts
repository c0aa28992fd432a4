/** Who runs handlers, and for how long what it claims is its own. */
export interface Claimant {
  readonly owner: string
  /** Milliseconds; renewed while a handler runs. */
  readonly claimMs: number
  /** Whether no other process has the state: what others have claimed is free then. Default false. */
  readonly sole?: boolean
}
