import type { DescField } from '@bufbuild/protobuf'

/** `FeatureSet.FieldPresence.IMPLICIT` of descriptor.proto. */
const IMPLICIT = 2

/** Whether an event always has a field: lists, maps, and what cannot say that it is not set, which is its zero then. */
export function isAlwaysThere({ fieldKind, presence }: DescField): boolean {
  return fieldKind === 'list' || fieldKind === 'map' || presence === IMPLICIT
}
