declare module '*/contracts/paid' {
  export class Paid {
    public constructor(id: string)
    public entityID(): string
  }
  export const PaidSchema: { readonly type: 'record'; readonly name: 'Paid'; readonly fields: readonly [] }
}

declare module '*/src' {
  import type { StreamerConnector } from '@boostercloud/streamer-connector'

  export const MyStreamer: {
    with(options: { readonly url?: string; readonly pollWaitMs?: number }): StreamerConnector
  }
}
