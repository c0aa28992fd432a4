import { createHash } from 'node:crypto'
import { SLOTS } from '../../state'

/** The slot of an entity: the same in every process and version. */
export function slotOf(entityTypeName: string, entityId: string): number {
  const digest = createHash('sha1')
    .update(JSON.stringify([entityTypeName, entityId]))
    .digest()
  return digest.readUInt32BE(0) % SLOTS
}
