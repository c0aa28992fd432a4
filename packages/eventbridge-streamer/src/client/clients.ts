import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { EventBridgeStreamerSettings } from '../options'
import { Queue } from './queue'

/** An attempt that is not answered ends; the longest is one that waits 20 seconds for messages. */
const TIMEOUTS = { connectionTimeout: 5000, requestTimeout: 30_000, throwOnRequestTimeout: true } as const

type Send = (command: never, options?: { readonly abortSignal?: AbortSignal }) => Promise<unknown>

/** The AWS SDK's clients, made at the first use; they connect at their first request. */
export class Clients {
  private made?: { readonly eventBridge: EventBridgeClient; readonly sqs: SQSClient }

  public constructor(private readonly settings: EventBridgeStreamerSettings) {}

  public get eventBridge(): EventBridgeClient {
    return this.all.eventBridge
  }

  public get sqs(): SQSClient {
    return this.all.sqs
  }

  /** The requests to the queue at a URL. */
  public queue(url: string): Queue {
    return new Queue(this.sqs, url, this.settings.requestTimeoutMs)
  }

  /** Closes their connections. */
  public close(): void {
    this.made?.eventBridge.destroy()
    this.made?.sqs.destroy()
  }

  private get all(): { readonly eventBridge: EventBridgeClient; readonly sqs: SQSClient } {
    const { region, endpoint, credentials, requestTimeoutMs } = this.settings
    const config = {
      requestHandler: TIMEOUTS,
      ...(region && { region }),
      ...(endpoint && { endpoint }),
      ...(credentials && { credentials }),
    }
    // Checks of the bodies' digests cost more than they tell over TLS, and emulators differ in them.
    this.made ??= {
      eventBridge: limited(new EventBridgeClient(config), requestTimeoutMs),
      sqs: limited(new SQSClient({ ...config, md5: false }), requestTimeoutMs),
    }
    return this.made
  }
}

/** Has every request end in time, all its attempts together, that has no limit of its own: the SDK's are of one attempt. */
function limited<C extends object>(client: C, limitMs: number): C {
  const send = (client as unknown as { send: Send }).send.bind(client)
  const sendInTime: Send = (command, options) =>
    send(command, { ...options, abortSignal: options?.abortSignal ?? AbortSignal.timeout(limitMs) })
  return Object.assign(client, { send: sendInTime })
}
