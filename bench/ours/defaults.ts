/** What a service gives its receivers unless its app says otherwise. */
export const DEFAULTS = { concurrency: 16, maxUnsettled: 2_000, claimMs: 30_000, batchSize: 100 } as const
