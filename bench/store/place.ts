import type { StoreContender } from './contenders'
import type { StoreExtent } from './extent'

/** What is measured, how much of it, and who is told how far it is. */
export interface StorePlace {
  readonly extent: StoreExtent
  readonly all: readonly StoreContender[]
  readonly ours: readonly StoreContender[]
  readonly say: (line: string) => void
}
