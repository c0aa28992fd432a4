/** How new versions of a subject's schema must fit the older ones. */
export const COMPATIBILITIES: readonly Compatibility[] = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
]

/**
 * What a registry asks of a new version of a schema before it takes it.
 * @public
 */
export type Compatibility =
  'NONE' | 'BACKWARD' | 'BACKWARD_TRANSITIVE' | 'FORWARD' | 'FORWARD_TRANSITIVE' | 'FULL' | 'FULL_TRANSITIVE'

/** The one in an answer about a subject's, or the registry's, configuration; undefined where it says none that is known. */
export function compatibilityIn(answer: Readonly<Record<string, unknown>> | undefined): Compatibility | undefined {
  return COMPATIBILITIES.find((one) => one === answer?.compatibilityLevel)
}
