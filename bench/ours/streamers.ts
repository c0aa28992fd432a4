import type { Consumer, Contender, Handle, Target } from '../measure/contender'
import { connectorAlone } from './connector'
import type { StreamerOn } from './connector'
import { receive } from './receiving'

/** The whole of the receiving side over a connector, each event by itself or, with `batches`, with a handler that takes many at once. */
export function streamers(streamerOn: StreamerOn, batches: boolean): Contender {
  return {
    produce: connectorAlone(streamerOn).produce,
    consume: (target, handle) => consume(streamerOn, target, handle, batches),
  }
}

async function consume(streamerOn: StreamerOn, target: Target, handle: Handle, batches: boolean): Promise<Consumer> {
  const connector = streamerOn(target)
  const receiver = await receive({ connector, topic: target.topic, handle, batches }, target.folder)
  return {
    close: async () => {
      await receiver.close()
      await connector.close()
    },
  }
}
