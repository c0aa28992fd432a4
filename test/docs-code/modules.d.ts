declare module '*/contracts/paid' {
  export class Paid {
    public constructor(id: string)
    public entityID(): string
  }
  export const PaidSchema: { readonly type: 'record'; readonly name: 'Paid'; readonly fields: readonly [] }
}

declare module '*/src' {
  export const MyStreamer: {
    with(options: {
      readonly url?: string
      readonly pollWaitMs?: number
    }): import('@boostercloud/streamer-connector').StreamerConnector
  }
}
