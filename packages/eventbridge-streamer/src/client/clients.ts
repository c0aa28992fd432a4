import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { SQSClient } from '@aws-sdk/client-sqs'
import type { EventBridgeStreamerSettings } from '../options'

/** A request that is not answered ends; the longest is one that waits 20 seconds for messages. */
const TIMEOUTS = { connectionTimeout: 5000, requestTimeout: 30_000, throwOnRequestTimeout: true } as const

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

  /** Closes their connections. */
  public close(): void {
    this.made?.eventBridge.destroy()
    this.made?.sqs.destroy()
  }

  private get all(): { readonly eventBridge: EventBridgeClient; readonly sqs: SQSClient } {
    const { region, endpoint, credentials } = this.settings
    const config = {
      requestHandler: TIMEOUTS,
      ...(region && { region }),
      ...(endpoint && { endpoint }),
      ...(credentials && { credentials }),
    }
    // Checks of the bodies' digests cost more than they tell over TLS, and emulators differ in them.
    this.made ??= { eventBridge: new EventBridgeClient(config), sqs: new SQSClient({ ...config, md5: false }) }
    return this.made
  }
}
