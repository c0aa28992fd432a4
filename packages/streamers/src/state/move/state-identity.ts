/**
 * Who a state is, and what became of others before it.
 * @experimental
 */
export interface StateIdentity {
  /**
   * A UUID, made with the state and kept for as long as it exists: all replicas that share a state have the same one. A copy of its file gets one of its
   * own, and is the one that has taken over from it.
   */
  readonly id: string
  /** The state that has taken over what was in this one. No service may run on this one any more. */
  readonly handedOverTo?: string
  /** States whose content was taken in, or of which an operator has said that nothing of it is wanted. */
  readonly takenFrom: readonly string[]
  /** States under which this service was read before, whose content is not here and of which nobody has said anything. */
  readonly followed: readonly string[]
  /** Whether content is being taken in, or was until that was cut off. */
  readonly isImporting: boolean
}

/**
 * What a state remembers of others; with `importing` the id is its own.
 * @experimental
 */
export type IdentityRole = 'handed-over-to' | 'taken-from' | 'followed' | 'importing'

/**
 * Something to remember, or to forget, of another state.
 * @experimental
 */
export interface IdentityNote {
  readonly role: IdentityRole
  readonly id: string
  /** Default false. */
  readonly forget?: boolean
}

/**
 * One row of what is remembered, as stores keep it.
 * @internal
 */
export interface IdentityRow {
  /** `database`: what tells the database from its copies. */
  readonly role: IdentityRole | 'self' | 'database'
  readonly id: string
}

/**
 * What rows say; the id is empty where there is no row of its own yet.
 * @internal
 */
export function identityOf(rows: readonly IdentityRow[]): StateIdentity {
  const ids = (role: IdentityRow['role']): string[] => rows.filter((row) => row.role === role).map(({ id }) => id)
  const [id = ''] = ids('self')
  const [handedOverTo] = ids('handed-over-to')
  return {
    id,
    handedOverTo,
    takenFrom: ids('taken-from'),
    followed: ids('followed'),
    isImporting: ids('importing').length > 0,
  }
}
