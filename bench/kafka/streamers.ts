import type { Contender, Handle, Target } from '../measure/contender'
import { receive } from '../ours/receiving'
import { produce, streamerOn } from './connector'

/** The whole of the receiving side over the connector, each event by itself. */
export const oneByOne: Contender = {
  produce,
  consume: (target, handle) => consume(target, handle, false),
}

/** The same with a handler that takes many at once. */
export const inBatches: Contender = {
  produce,
  consume: (target, handle) => consume(target, handle, true),
}

async function consume(target: Target, handle: Handle, batches: boolean): Promise<{ close: () => Promise<void> }> {
  const connector = streamerOn(target)
  const receiver = await receive({ connector, topic: target.topic, handle, batches }, target.folder)
  return {
    close: async () => {
      await receiver.close()
      await connector.close()
    },
  }
}
