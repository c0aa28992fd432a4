import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { Server } from '@boostercloud/dev-brokers'
import { EventBridgeStreamer } from '../../src'
import type { EventBridgeStreamerOptions } from '../../src'
import { AwsProxy } from './aws-proxy'
import { motoOptions } from './moto-options'

/** What a test works with: streamers on the server (through a proxy), bare clients beside them, and names of its own. */
export interface Moto {
  readonly proxy: AwsProxy
  readonly eventBridge: EventBridgeClient
  readonly sqs: SQSClient
  /** A name that no other test has. */
  name(base?: string): string
  /** A streamer of the service `blog-test`. */
  streamer(options?: Partial<EventBridgeStreamerOptions>): EventBridgeStreamer
}

let count = 0

/** Registers hooks that give each test a proxy and bare clients, and close everything that it made. */
export function useMoto(server: () => Server): Moto {
  let made: EventBridgeStreamer[] = []
  let proxy: AwsProxy
  let eventBridge: EventBridgeClient
  let sqs: SQSClient
  beforeEach(async () => {
    proxy = await AwsProxy.to(server().url)
    eventBridge = new EventBridgeClient(motoOptions(server().url))
    sqs = new SQSClient(motoOptions(server().url))
  })
  afterEach(async () => {
    await Promise.all(made.map((streamer) => streamer.close()))
    made = []
    eventBridge.destroy()
    sqs.destroy()
    await proxy.close()
  })
  return {
    get proxy() {
      return proxy
    },
    get eventBridge() {
      return eventBridge
    },
    get sqs() {
      return sqs
    },
    name: (base = 'topic') => `${base}-${(count += 1)}`,
    streamer(options = {}) {
      const streamer = EventBridgeStreamer.with({ ...motoOptions(proxy.url), pollWaitMs: 100, ...options })
      streamer.attach({ streamerId: 'main', appName: 'blog', environment: 'test' })
      made.push(streamer)
      return streamer
    },
  }
}
